// RUN: aicc-opt %s --split-input-file --verify-diagnostics | FileCheck %s

// CHECK-LABEL: func.func @ops
func.func @ops(%x: tensor<4x5xf32>, %i: tensor<2x3xi64>, %u: tensor<2x3xf32>, %n: tensor<5xi64>) {
  // CHECK: "graph.gather"({{.*}}) {axis = 1 : i64}{{.*}} -> tensor<4x2x3xf32>
  %0 = "graph.gather"(%x, %i) {axis = 1 : i64} : (tensor<4x5xf32>, tensor<2x3xi64>) -> tensor<4x2x3xf32>
  // CHECK: "graph.gather_elements"
  %1 = "graph.gather_elements"(%x, %i) {axis = 0 : i64} : (tensor<4x5xf32>, tensor<2x3xi64>) -> tensor<2x3xf32>
  // CHECK: "graph.scatter_elements"
  %2 = "graph.scatter_elements"(%x, %i, %u) {axis = 0 : i64, reduction = "add"} : (tensor<4x5xf32>, tensor<2x3xi64>, tensor<2x3xf32>) -> tensor<4x5xf32>
  // CHECK: "graph.reverse_sequence"
  %3 = "graph.reverse_sequence"(%x, %n) {batch_axis = 1 : i64, time_axis = 0 : i64} : (tensor<4x5xf32>, tensor<5xi64>) -> tensor<4x5xf32>
  // CHECK: "graph.top_k"{{.*}} -> (tensor<4x2xf32>, tensor<4x2xi64>)
  %4:2 = "graph.top_k"(%x) {k = 2 : i64, axis = 1 : i64, largest = true} : (tensor<4x5xf32>) -> (tensor<4x2xf32>, tensor<4x2xi64>)
  return
}

// -----

// CHECK-LABEL: func.func @rows
func.func @rows(%x: tensor<4x5xf32>, %i: tensor<3x1xi32>, %u: tensor<3x5xf32>) {
  // CHECK: "graph.gather_nd"{{.*}} -> tensor<3x5xf32>
  %0 = "graph.gather_nd"(%x, %i) {batch_dims = 0 : i64} : (tensor<4x5xf32>, tensor<3x1xi32>) -> tensor<3x5xf32>
  // CHECK: "graph.scatter_nd"
  %1 = "graph.scatter_nd"(%x, %i, %u) {reduction = "none"} : (tensor<4x5xf32>, tensor<3x1xi32>, tensor<3x5xf32>) -> tensor<4x5xf32>
  return
}

// -----

func.func @gather_indices_are_integers(%x: tensor<4x5xf32>, %i: tensor<2xf32>) {
  // expected-error @below {{expects integer indices}}
  %0 = "graph.gather"(%x, %i) {axis = 0 : i64} : (tensor<4x5xf32>, tensor<2xf32>) -> tensor<2x5xf32>
  return
}

// -----

func.func @gather_axis(%x: tensor<4x5xf32>, %i: tensor<2xi64>) {
  // expected-error @below {{axis 2 is outside a rank-2 tensor}}
  %0 = "graph.gather"(%x, %i) {axis = 2 : i64} : (tensor<4x5xf32>, tensor<2xi64>) -> tensor<4x5xf32>
  return
}

// -----

func.func @gather_result(%x: tensor<4x5xf32>, %i: tensor<2xi64>) {
  // expected-error @below {{result 0 has type}}
  %0 = "graph.gather"(%x, %i) {axis = 0 : i64} : (tensor<4x5xf32>, tensor<2xi64>) -> tensor<4x5xf32>
  return
}

// -----

func.func @gather_elements_too_wide(%x: tensor<4x5xf32>, %i: tensor<2x6xi64>) {
  // expected-error @below {{dimension 1 of}}
  %0 = "graph.gather_elements"(%x, %i) {axis = 0 : i64} : (tensor<4x5xf32>, tensor<2x6xi64>) -> tensor<2x6xf32>
  return
}

// -----

func.func @gather_nd_coordinates(%x: tensor<4x5xf32>, %i: tensor<2x3xi64>) {
  // expected-error @below {{by 3 coordinates}}
  %0 = "graph.gather_nd"(%x, %i) {batch_dims = 0 : i64} : (tensor<4x5xf32>, tensor<2x3xi64>) -> tensor<2xf32>
  return
}

// -----

func.func @gather_nd_batches(%x: tensor<4x5xf32>, %i: tensor<3x1xi64>) {
  // expected-error @below {{the 1 batch dimensions of}}
  %0 = "graph.gather_nd"(%x, %i) {batch_dims = 1 : i64} : (tensor<4x5xf32>, tensor<3x1xi64>) -> tensor<3xf32>
  return
}

// -----

func.func @scatter_types(%x: tensor<4xf32>, %i: tensor<2xi64>, %u: tensor<2xi32>) {
  // expected-error @below {{mixes element types}}
  %0 = "graph.scatter_elements"(%x, %i, %u) {axis = 0 : i64, reduction = "none"} : (tensor<4xf32>, tensor<2xi64>, tensor<2xi32>) -> tensor<4xf32>
  return
}

// -----

func.func @scatter_reduction(%x: tensor<4xf32>, %i: tensor<2xi64>, %u: tensor<2xf32>) {
  // expected-error @below {{attribute 'reduction' must be one of none, add, mul, min, max}}
  %0 = "graph.scatter_elements"(%x, %i, %u) {axis = 0 : i64, reduction = "sub"} : (tensor<4xf32>, tensor<2xi64>, tensor<2xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @scatter_nd_updates(%x: tensor<4x5xf32>, %i: tensor<3x1xi64>, %u: tensor<3x4xf32>) {
  // expected-error @below {{expects updates of shape [3, 5]}}
  %0 = "graph.scatter_nd"(%x, %i, %u) {reduction = "none"} : (tensor<4x5xf32>, tensor<3x1xi64>, tensor<3x4xf32>) -> tensor<4x5xf32>
  return
}

// -----

func.func @reverse_sequence_axes(%x: tensor<4x5xf32>, %n: tensor<4xi64>) {
  // expected-error @below {{has the same batch and time axis 0}}
  %0 = "graph.reverse_sequence"(%x, %n) {batch_axis = 0 : i64, time_axis = -2 : i64} : (tensor<4x5xf32>, tensor<4xi64>) -> tensor<4x5xf32>
  return
}

// -----

func.func @top_k_too_many(%x: tensor<4x5xf32>) {
  // expected-error @below {{cannot take 6 of the 5 elements along axis 1}}
  %0:2 = "graph.top_k"(%x) {k = 6 : i64, axis = 1 : i64, largest = true} : (tensor<4x5xf32>) -> (tensor<4x6xf32>, tensor<4x6xi64>)
  return
}
