function mpc = three_buses
%% a slack, a generator, a load behind a transformer
mpc.version = '2';
mpc.baseMVA = 10;
mpc.bus = [
	1	3	0	0	0	0	1	1	0	20	1	1.1	0.9;
	2	2	0.5	0.1	0	0.02	1	1	0	20	1	1.1	0.9;
	7	1	1.2	0.4	0.01	0	1	1	0	0.4	1	1.1	0.9;
];
mpc.gen = [
	1	0	0	9	-9	1.02	10	1	20	0;
	2	0.4	0	Inf	-Inf	1.01	10	1	1	0;
];
mpc.branch = [
	1	2	0.02	0.06	0.001	5	0	0	0	0	1	-360	360;
	2	7	0.01	0.05	0	0	0	0	0.975	30	1	-360	360;
	1	7	0.03	0.09	0	0	0	0	0	0	0	-360	360;
];
mpc.gencost = [
	2	0	0	2	1	0;
	2	0	0	2	2	0;
];
