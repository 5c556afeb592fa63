// RUN: aicc-opt %s --split-input-file --verify-diagnostics | FileCheck %s

// CHECK-LABEL: func.func @ops
func.func @ops(%x: tensor<1x2x4x5xf32>, %p: tensor<8x2xi64>, %w: tensor<8x2xf32>, %g: tensor<1x3x3x2xf32>, %r: tensor<6x4xf32>, %b: tensor<6xi64>) {
  // CHECK: "graph.interpolate"{{.*}} -> tensor<1x2x8x5xf32>
  %0 = "graph.interpolate"(%x, %p, %w) {axis = 2 : i64} : (tensor<1x2x4x5xf32>, tensor<8x2xi64>, tensor<8x2xf32>) -> tensor<1x2x8x5xf32>
  // CHECK: "graph.grid_sample"{{.*}} -> tensor<1x2x3x3xf32>
  %1 = "graph.grid_sample"(%x, %g) {mode = "cubic", padding = "border", align_corners = true} : (tensor<1x2x4x5xf32>, tensor<1x3x3x2xf32>) -> tensor<1x2x3x3xf32>
  // CHECK: "graph.roi_align"{{.*}} -> tensor<6x2x7x7xf32>
  %2 = "graph.roi_align"(%x, %r, %b) {size = array<i64: 7, 7>, mode = "avg", sampling_ratio = 2 : i64, scale = 5.000000e-01 : f64, offset = 0.000000e+00 : f64} : (tensor<1x2x4x5xf32>, tensor<6x4xf32>, tensor<6xi64>) -> tensor<6x2x7x7xf32>
  return
}

// -----

func.func @interpolate_integers(%x: tensor<4x5xi32>, %p: tensor<8x2xi64>, %w: tensor<8x2xf32>) {
  // expected-error @below {{expects floats of one type}}
  %0 = "graph.interpolate"(%x, %p, %w) {axis = 0 : i64} : (tensor<4x5xi32>, tensor<8x2xi64>, tensor<8x2xf32>) -> tensor<8x5xi32>
  return
}

// -----

func.func @interpolate_table(%x: tensor<4x5xf32>, %p: tensor<8x2xi64>, %w: tensor<8x3xf32>) {
  // expected-error @below {{expects one weight per position}}
  %0 = "graph.interpolate"(%x, %p, %w) {axis = 0 : i64} : (tensor<4x5xf32>, tensor<8x2xi64>, tensor<8x3xf32>) -> tensor<8x5xf32>
  return
}

// -----

func.func @grid_rank(%x: tensor<1x2x4x5xf32>, %g: tensor<1x3x3x3xf32>) {
  // expected-error @below {{cannot sample}}
  %0 = "graph.grid_sample"(%x, %g) {mode = "linear", padding = "zeros", align_corners = false} : (tensor<1x2x4x5xf32>, tensor<1x3x3x3xf32>) -> tensor<1x2x3x3xf32>
  return
}

// -----

func.func @grid_padding(%x: tensor<1x2x4x5xf32>, %g: tensor<1x3x3x2xf32>) {
  // expected-error @below {{attribute 'padding' must be one of zeros, border, reflection}}
  %0 = "graph.grid_sample"(%x, %g) {mode = "linear", padding = "wrap", align_corners = false} : (tensor<1x2x4x5xf32>, tensor<1x3x3x2xf32>) -> tensor<1x2x3x3xf32>
  return
}

// -----

func.func @roi_corners(%x: tensor<1x2x4x5xf32>, %r: tensor<6x5xf32>, %b: tensor<6xi64>) {
  // expected-error @below {{expects four corners per region}}
  %0 = "graph.roi_align"(%x, %r, %b) {size = array<i64: 7, 7>, mode = "avg", sampling_ratio = 2 : i64, scale = 1.000000e+00 : f64, offset = 0.000000e+00 : f64} : (tensor<1x2x4x5xf32>, tensor<6x5xf32>, tensor<6xi64>) -> tensor<6x2x7x7xf32>
  return
}
