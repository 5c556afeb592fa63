// RUN: aicc-opt %s --eliminate-redundancy | filecheck %s
// RUN: aicc-opt %s --eliminate-redundancy > %t.once
// RUN: aicc-opt %t.once --eliminate-redundancy > %t.twice
// RUN: diff %t.once %t.twice

module attributes {aicc.unsafe_fp} {

// CHECK-LABEL: func.func @softmax_of_one(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<1.000000e+00> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.expand"(%[[A]]) {shape = array<i64: 2, 1, 3>}
// CHECK-NEXT: return %[[B]]
func.func @softmax_of_one(%x: tensor<2x1x3xf32>) -> tensor<2x1x3xf32> {
  %0 = "graph.softmax"(%x) {axis = 1 : i64, log = false} : (tensor<2x1x3xf32>) -> tensor<2x1x3xf32>
  return %0 : tensor<2x1x3xf32>
}

// CHECK-LABEL: func.func @log_softmax_of_one(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<0.000000e+00> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.expand"(%[[A]]) {shape = array<i64: 2, 1, 3>}
// CHECK-NEXT: return %[[B]]
func.func @log_softmax_of_one(%x: tensor<2x1x3xf32>) -> tensor<2x1x3xf32> {
  %0 = "graph.softmax"(%x) {axis = 1 : i64, log = true} : (tensor<2x1x3xf32>) -> tensor<2x1x3xf32>
  return %0 : tensor<2x1x3xf32>
}

// CHECK-LABEL: func.func @softmax_of_three(
// CHECK-NEXT: %[[A:.*]] = "graph.softmax"(%arg0) {axis = 2 : i64, log = false}
// CHECK-NEXT: return %[[A]]
func.func @softmax_of_three(%x: tensor<2x1x3xf32>) -> tensor<2x1x3xf32> {
  %0 = "graph.softmax"(%x) {axis = 2 : i64, log = false} : (tensor<2x1x3xf32>) -> tensor<2x1x3xf32>
  return %0 : tensor<2x1x3xf32>
}

}
