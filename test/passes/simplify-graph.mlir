// RUN: aicc-opt %s --simplify-graph | filecheck %s
// RUN: aicc-opt %s --simplify-graph=max-rounds=1 2>&1 | filecheck %s --check-prefix=CAP
// RUN: aicc-opt %s --simplify-graph > %t.once
// RUN: aicc-opt %t.once --simplify-graph > %t.twice
// RUN: diff %t.once %t.twice

// Each pass makes work for another one: the folded constant is neutral, which lets the transposes
// meet, which makes the sums equal, whose difference then is zero.
// CHECK-LABEL: func.func @main(
// CHECK-NEXT: %[[C:.*]] = "graph.constant"() {value = dense<0> : tensor<2x3xi32>}
// CHECK-NEXT: return %[[C]]
// CAP: warning: 'builtin.module' op simplify-graph stopped after 1 rounds
func.func @main(%x: tensor<2x3xi32>, %y: tensor<2x3xi32>) -> tensor<2x3xi32> {
  %a = "graph.constant"() {value = dense<3> : tensor<i32>} : () -> tensor<i32>
  %b = "graph.constant"() {value = dense<2> : tensor<i32>} : () -> tensor<i32>
  %one = "graph.sub"(%a, %b) : (tensor<i32>, tensor<i32>) -> tensor<i32>
  %0 = "graph.transpose"(%x) {permutation = array<i64: 1, 0>} : (tensor<2x3xi32>) -> tensor<3x2xi32>
  %1 = "graph.mul"(%one, %0) : (tensor<i32>, tensor<3x2xi32>) -> tensor<3x2xi32>
  %2 = "graph.transpose"(%1) {permutation = array<i64: 1, 0>} : (tensor<3x2xi32>) -> tensor<2x3xi32>
  %3 = "graph.add"(%2, %y) : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xi32>
  %4 = "graph.add"(%y, %x) : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xi32>
  %5 = "graph.sub"(%3, %4) : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xi32>
  return %5 : tensor<2x3xi32>
}
