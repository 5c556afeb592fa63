// RUN: aicc-opt %s --infer-shapes='inputs=x=5x3,s=' | filecheck %s
// RUN: aicc-opt %s --pass-pipeline='builtin.module(fuse,infer-shapes{inputs=x=5x3})' | filecheck %s --check-prefix=GROUP
// RUN: not aicc-opt %s --infer-shapes='inputs=x=5x4' 2>&1 | filecheck %s --check-prefix=RULE
// RUN: not aicc-opt %s --infer-shapes='inputs=z=5x4' 2>&1 | filecheck %s --check-prefix=NAME
// RUN: not aicc-opt %s --infer-shapes='inputs=x' 2>&1 | filecheck %s --check-prefix=FORM
// RUN: aicc-opt %s --infer-shapes > %t.once
// RUN: aicc-opt %s > %t.parsed
// RUN: diff %t.once %t.parsed

// CHECK-LABEL: func.func @main
// CHECK-SAME: %[[X:.*]]: tensor<5x3xf32> {aicc.input = "x"}
// CHECK-SAME: -> (tensor<4x5xf32> {aicc.output = "y"})
// CHECK: "graph.matmul"(%[[X]], {{.*}} -> tensor<5x4xf32>
// CHECK: "graph.mul"({{.*}} -> tensor<5x4xf32>
// CHECK: "graph.transpose"({{.*}} -> tensor<4x5xf32>
// CHECK: return %{{.*}} : tensor<4x5xf32>
// GROUP: "graph.group"
// GROUP: -> tensor<5x4xf32>
// GROUP: }) {{.*}} -> tensor<5x4xf32>
// RULE: error: 'graph.matmul' op contracts 4 columns with 3 rows
// NAME: error: 'func.func' op @main has no input 'z' (inputs: x, s)
// FORM: infer-shapes takes inputs as name=2x3x4, not 'x'
func.func @main(%x: tensor<2x3xf32> {aicc.input = "x"}, %s: tensor<f32> {aicc.input = "s"}, %w: tensor<3x4xf32> {aicc.weight = "w"}) -> (tensor<4x2xf32> {aicc.output = "y"}) {
  %0 = "graph.matmul"(%x, %w) : (tensor<2x3xf32>, tensor<3x4xf32>) -> tensor<2x4xf32>
  %1 = "graph.mul"(%0, %s) : (tensor<2x4xf32>, tensor<f32>) -> tensor<2x4xf32>
  %2 = "graph.transpose"(%1) {permutation = array<i64: 1, 0>} : (tensor<2x4xf32>) -> tensor<4x2xf32>
  return %2 : tensor<4x2xf32>
}
