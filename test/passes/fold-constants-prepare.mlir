// RUN: aicc-opt %s --fold-constants --hoist-weight-math | filecheck %s

// Constants whose result is too large to be written down meet in @prepare, which runs once.
// CHECK-LABEL: func.func @prepare(
// CHECK-SAME: -> (tensor<32x3xf32> {aicc.output = "exp"})
// CHECK: %[[C:.*]] = "graph.constant"() {value = dense<[1.000000e+00, 2.000000e+00, 3.000000e+00]>
// CHECK: %[[E:.*]] = "graph.expand"(%[[C]])
// CHECK: %[[X:.*]] = "graph.exp"(%[[E]])
// CHECK: return %[[X]]
// CHECK-LABEL: func.func @main(
// CHECK-SAME: %arg1: tensor<32x3xf32> {aicc.prepared = "exp"}
// CHECK-NEXT: %[[R:.*]] = "graph.mul"(%arg0, %arg1)
// CHECK-NEXT: return %[[R]]
func.func @main(%x: tensor<32x3xf32>) -> tensor<32x3xf32> {
  %a = "graph.constant"() {value = dense<[0.0, 1.0, 2.0]> : tensor<3xf32>} : () -> tensor<3xf32>
  %b = "graph.constant"() {value = dense<1.0> : tensor<f32>} : () -> tensor<f32>
  %0 = "graph.add"(%a, %b) : (tensor<3xf32>, tensor<f32>) -> tensor<3xf32>
  %1 = "graph.expand"(%0) {shape = array<i64: 32, 3>} : (tensor<3xf32>) -> tensor<32x3xf32>
  %2 = "graph.exp"(%1) : (tensor<32x3xf32>) -> tensor<32x3xf32>
  %3 = "graph.mul"(%x, %2) : (tensor<32x3xf32>, tensor<32x3xf32>) -> tensor<32x3xf32>
  return %3 : tensor<32x3xf32>
}
