// Owns nothing: the headers that it is compiled with are the point. See CMakeLists.txt.
