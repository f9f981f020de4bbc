target_link_libraries(citytwin_traffic_model PRIVATE Eigen3::Eigen)
