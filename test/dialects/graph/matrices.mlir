// RUN: aicc-opt %s --split-input-file --verify-diagnostics | FileCheck %s

// CHECK-LABEL: func.func @determinants
func.func @determinants(%x: tensor<3x3xf32>, %y: tensor<5x2x4x4xf64>) {
  // CHECK: "graph.determinant"{{.*}} -> tensor<f32>
  %0 = "graph.determinant"(%x) : (tensor<3x3xf32>) -> tensor<f32>
  // CHECK: "graph.determinant"{{.*}} -> tensor<5x2xf64>
  %1 = "graph.determinant"(%y) : (tensor<5x2x4x4xf64>) -> tensor<5x2xf64>
  return
}

// -----

func.func @not_square(%x: tensor<3x4xf32>) {
  // expected-error @below {{expects square matrices, got tensor<3x4xf32>}}
  %0 = "graph.determinant"(%x) : (tensor<3x4xf32>) -> tensor<f32>
  return
}

// -----

func.func @integers(%x: tensor<3x3xi32>) {
  // expected-error @below {{expects floats, got tensor<3x3xi32>}}
  %0 = "graph.determinant"(%x) : (tensor<3x3xi32>) -> tensor<i32>
  return
}
