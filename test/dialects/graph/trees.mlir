// RUN: aicc-opt %s --split-input-file --verify-diagnostics | FileCheck %s

// CHECK-LABEL: func.func @walk
func.func @walk(%x: tensor<9x4xf32>, %f: tensor<7xi32>, %t: tensor<7xf32>, %r: tensor<7xi8>, %yes: tensor<7xi32>, %no: tensor<7xi32>, %roots: tensor<2xi32>) {
  // CHECK: "graph.tree_walk"{{.*}} -> tensor<9x2xi64>
  %0 = "graph.tree_walk"(%x, %f, %t, %r, %yes, %no, %roots) : (tensor<9x4xf32>, tensor<7xi32>, tensor<7xf32>, tensor<7xi8>, tensor<7xi32>, tensor<7xi32>, tensor<2xi32>) -> tensor<9x2xi64>
  return
}

// -----

func.func @thresholds(%x: tensor<9x4xf32>, %f: tensor<7xi32>, %t: tensor<7xf64>, %r: tensor<7xi8>, %roots: tensor<2xi32>) {
  // expected-error @below {{compares tensor<9x4xf32> with tensor<7xf64>}}
  %0 = "graph.tree_walk"(%x, %f, %t, %r, %f, %f, %roots) : (tensor<9x4xf32>, tensor<7xi32>, tensor<7xf64>, tensor<7xi8>, tensor<7xi32>, tensor<7xi32>, tensor<2xi32>) -> tensor<9x2xi64>
  return
}

// -----

func.func @nodes(%x: tensor<9x4xf32>, %f: tensor<6xi32>, %t: tensor<7xf32>, %r: tensor<7xi8>, %yes: tensor<7xi32>, %roots: tensor<2xi32>) {
  // expected-error @below {{expects one integer per node}}
  %0 = "graph.tree_walk"(%x, %f, %t, %r, %yes, %yes, %roots) : (tensor<9x4xf32>, tensor<6xi32>, tensor<7xf32>, tensor<7xi8>, tensor<7xi32>, tensor<7xi32>, tensor<2xi32>) -> tensor<9x2xi64>
  return
}
