// RUN: aicc-opt %s --split-input-file --verify-diagnostics | FileCheck %s

// CHECK-LABEL: func.func @bins
func.func @bins(%x: tensor<2x3x12x16xf32>, %r: tensor<20x5xf32>) {
  // CHECK: "graph.region_max_pool"{{.*}} -> tensor<20x3x3x4xf32>
  %0 = "graph.region_max_pool"(%x, %r) {size = array<i64: 3, 4>, scale = 5.000000e-01 : f64} : (tensor<2x3x12x16xf32>, tensor<20x5xf32>) -> tensor<20x3x3x4xf32>
  return
}

// -----

func.func @corners(%x: tensor<2x3x12x16xf32>, %r: tensor<20x4xf32>) {
  // expected-error @below {{expects a sample and four corners per region, got tensor<20x4xf32>}}
  %0 = "graph.region_max_pool"(%x, %r) {size = array<i64: 3, 4>} : (tensor<2x3x12x16xf32>, tensor<20x4xf32>) -> tensor<20x3x3x4xf32>
  return
}

// -----

func.func @integers(%x: tensor<2x3x12x16xi32>, %r: tensor<20x5xi32>) {
  // expected-error @below {{expects an NCHW operand of floats and two sizes}}
  %0 = "graph.region_max_pool"(%x, %r) {size = array<i64: 3, 4>} : (tensor<2x3x12x16xi32>, tensor<20x5xi32>) -> tensor<20x3x3x4xi32>
  return
}
