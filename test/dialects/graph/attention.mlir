// RUN: aicc-opt %s --split-input-file --verify-diagnostics

func.func @attention(%q: tensor<2x8x5x16xf32>, %k: tensor<2x7x4x16xf32>, %v: tensor<2x4x7x24xf32>, %m: tensor<2x1x5x7xf32>) -> tensor<2x5x8x24xf32> {
  %0 = "graph.attention"(%q, %k, %v, %m) {scale = 0.25 : f64, k_layout = "BSHD", y_layout = "BSHD", guard = "empty", diagonal = 2 : i64, operandSegmentSizes = array<i32: 1, 1, 1, 1>} : (tensor<2x8x5x16xf32>, tensor<2x7x4x16xf32>, tensor<2x4x7x24xf32>, tensor<2x1x5x7xf32>) -> tensor<2x5x8x24xf32>
  return %0 : tensor<2x5x8x24xf32>
}

// -----

func.func @heads(%q: tensor<2x8x5x16xf32>, %k: tensor<2x3x7x16xf32>) -> tensor<2x8x5x16xf32> {
  // expected-error @+1 {{'graph.attention' op 8 heads of queries do not share 3 of keys evenly}}
  %0 = "graph.attention"(%q, %k, %k) {operandSegmentSizes = array<i32: 1, 1, 1, 0>} : (tensor<2x8x5x16xf32>, tensor<2x3x7x16xf32>, tensor<2x3x7x16xf32>) -> tensor<2x8x5x16xf32>
  return %0 : tensor<2x8x5x16xf32>
}

// -----

func.func @depth(%q: tensor<2x8x5x16xf32>, %k: tensor<2x8x7x32xf32>) -> tensor<2x8x5x32xf32> {
  // expected-error @+1 {{do not fit keys}}
  %0 = "graph.attention"(%q, %k, %k) {operandSegmentSizes = array<i32: 1, 1, 1, 0>} : (tensor<2x8x5x16xf32>, tensor<2x8x7x32xf32>, tensor<2x8x7x32xf32>) -> tensor<2x8x5x32xf32>
  return %0 : tensor<2x8x5x32xf32>
}

// -----

func.func @mask(%q: tensor<2x8x5x16xf32>, %m: tensor<2x8x5x6xf32>) -> tensor<2x8x5x16xf32> {
  // expected-error @+1 {{do not broadcast}}
  %0 = "graph.attention"(%q, %q, %q, %m) {operandSegmentSizes = array<i32: 1, 1, 1, 1>} : (tensor<2x8x5x16xf32>, tensor<2x8x5x16xf32>, tensor<2x8x5x16xf32>, tensor<2x8x5x6xf32>) -> tensor<2x8x5x16xf32>
  return %0 : tensor<2x8x5x16xf32>
}

// -----

func.func @integers(%q: tensor<2x8x5x16xi32>) -> tensor<2x8x5x16xi32> {
  // expected-error @+1 {{expects floats}}
  %0 = "graph.attention"(%q, %q, %q) {operandSegmentSizes = array<i32: 1, 1, 1, 0>} : (tensor<2x8x5x16xi32>, tensor<2x8x5x16xi32>, tensor<2x8x5x16xi32>) -> tensor<2x8x5x16xi32>
  return %0 : tensor<2x8x5x16xi32>
}

// -----

func.func @too_few_heads(%x: tensor<1x40x12x32xf32>) -> tensor<1x4x40x32xf32> {
  // expected-error @+1 {{'graph.attention' op reads 4 heads from 9 on, of 12}}
  %0 = "graph.attention"(%x, %x, %x) {heads = array<i64: 4, 4>, first = array<i64: 0, 4, 9>, q_layout = "BSHD", k_layout = "BSHD", v_layout = "BSHD", operandSegmentSizes = array<i32: 1, 1, 1, 0>} : (tensor<1x40x12x32xf32>, tensor<1x40x12x32xf32>, tensor<1x40x12x32xf32>) -> tensor<1x4x40x32xf32>
  return %0 : tensor<1x4x40x32xf32>
}
