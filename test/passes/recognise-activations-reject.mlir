// RUN: aicc-opt %s --recognise-activations | filecheck %s
// RUN: aicc-opt %s --pass-pipeline='builtin.module(recognise-activations{disable=sigmoid})' | filecheck %s --check-prefix=OFF

// Under strict floating point only exact patterns apply; a named one can be switched off.
module attributes {aicc.strict_fp} {
// OFF-NOT: "graph.sigmoid"
// CHECK-LABEL: func.func @gelu(
// CHECK: "graph.erf"
  func.func @gelu(%x: tensor<2x8xf32>) -> tensor<2x8xf32> {
    %0 = "graph.constant"() {value = dense<1.41421354> : tensor<f32>} : () -> tensor<f32>
    %1 = "graph.div"(%x, %0) : (tensor<2x8xf32>, tensor<f32>) -> tensor<2x8xf32>
    %2 = "graph.erf"(%1) : (tensor<2x8xf32>) -> tensor<2x8xf32>
    %3 = "graph.constant"() {value = dense<1.0> : tensor<f32>} : () -> tensor<f32>
    %4 = "graph.add"(%2, %3) : (tensor<2x8xf32>, tensor<f32>) -> tensor<2x8xf32>
    %5 = "graph.mul"(%x, %4) : (tensor<2x8xf32>, tensor<2x8xf32>) -> tensor<2x8xf32>
    %6 = "graph.constant"() {value = dense<5.0e-01> : tensor<f32>} : () -> tensor<f32>
    %7 = "graph.mul"(%5, %6) : (tensor<2x8xf32>, tensor<f32>) -> tensor<2x8xf32>
    return %7 : tensor<2x8xf32>
  }

// The same operations under another name.
// CHECK-LABEL: func.func @sigmoid(
// CHECK-NEXT: "graph.sigmoid"(%arg0)
  func.func @sigmoid(%x: tensor<2x8xf32>) -> tensor<2x8xf32> {
    %0 = "graph.neg"(%x) : (tensor<2x8xf32>) -> tensor<2x8xf32>
    %1 = "graph.exp"(%0) : (tensor<2x8xf32>) -> tensor<2x8xf32>
    %2 = "graph.constant"() {value = dense<1.0> : tensor<f32>} : () -> tensor<f32>
    %3 = "graph.add"(%1, %2) : (tensor<2x8xf32>, tensor<f32>) -> tensor<2x8xf32>
    %4 = "graph.reciprocal"(%3) : (tensor<2x8xf32>) -> tensor<2x8xf32>
    return %4 : tensor<2x8xf32>
  }
}
