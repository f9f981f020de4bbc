# KLU (SuiteSparse): sparse LU of the power flow.
target_link_libraries(citytwin_energy_model PRIVATE ${KLU_LIBRARY})
