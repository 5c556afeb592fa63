// RUN: aicc-opt %s | filecheck %s

// The root mean square norm is a layer norm that leaves the mean where it is.
// CHECK-LABEL: func.func @rms_norm(
// CHECK: "graph.layer_norm"(%arg0, %arg1) {axis = -1 : i64, center = false
func.func @rms_norm(%x: tensor<2x8xf32>, %g: tensor<8xf32>) -> tensor<2x8xf32> {
  %0 = "graph.layer_norm"(%x, %g) {axis = -1 : i64, center = false, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<2x8xf32>, tensor<8xf32>) -> tensor<2x8xf32>
  return %0 : tensor<2x8xf32>
}
