// RUN: aicc-opt %s --split-input-file --decide-schedules | filecheck %s
// RUN: aicc-opt %s --split-input-file --decide-schedules > %t.once
// RUN: aicc-opt %t.once --split-input-file --decide-schedules > %t.twice
// RUN: diff %t.once %t.twice

// One row operand, one column operand: rows times vectors of columns, images one at a time.
// CHECK-LABEL: func.func private @batch_matmul
// CHECK: linalg.batch_matmul {aicc.schedule = {class = "matmul", lanes = 16 : i64
// CHECK-SAME: outer = array<i64: 1, 0, 0>, parallel = true
module attributes {aicc.target = "x86-64-v4", aicc.threads = 2 : i64} {
func.func private @batch_matmul(%a: tensor<12x128x64xf32>, %b: tensor<12x64x128xf32>, %o: tensor<12x128x128xf32>) -> tensor<12x128x128xf32> attributes {aicc.kernel = "matmul"} {
  %zero = arith.constant 0.0 : f32
  %f = linalg.fill ins(%zero : f32) outs(%o : tensor<12x128x128xf32>) -> tensor<12x128x128xf32>
  %r = linalg.batch_matmul ins(%a, %b : tensor<12x128x64xf32>, tensor<12x64x128xf32>) outs(%f : tensor<12x128x128xf32>) -> tensor<12x128x128xf32>
  return %r : tensor<12x128x128xf32>
}
}

// -----

// Too little work for threads.
// CHECK-LABEL: func.func private @small
// CHECK: parallel = false
module attributes {aicc.target = "x86-64-v4", aicc.threads = 2 : i64} {
func.func private @small(%a: tensor<4x8xf32>, %b: tensor<8x16xf32>, %o: tensor<4x16xf32>) -> tensor<4x16xf32> attributes {aicc.kernel = "matmul"} {
  %r = linalg.matmul ins(%a, %b : tensor<4x8xf32>, tensor<8x16xf32>) outs(%o : tensor<4x16xf32>) -> tensor<4x16xf32>
  return %r : tensor<4x16xf32>
}
}

// -----

// Half the vector width on AVX2.
// CHECK-LABEL: func.func private @depthwise
// CHECK: class = "depthwise", lanes = 8 : i64
module attributes {aicc.target = "x86-64-v3"} {
func.func private @depthwise(%x: tensor<1x9x9x32xf32>, %w: tensor<3x3x32xf32>, %o: tensor<1x7x7x32xf32>) -> tensor<1x7x7x32xf32> attributes {aicc.kernel = "depthwise"} {
  %r = linalg.depthwise_conv_2d_nhwc_hwc {dilations = dense<1> : tensor<2xi64>, strides = dense<1> : tensor<2xi64>} ins(%x, %w : tensor<1x9x9x32xf32>, tensor<3x3x32xf32>) outs(%o : tensor<1x7x7x32xf32>) -> tensor<1x7x7x32xf32>
  return %r : tensor<1x7x7x32xf32>
}
}

// -----

// Packed weights: a tile asks for its share of the next block of columns and for the next rows.
// CHECK-LABEL: func.func private @packed
// CHECK: prefetch = ["panel", "rows"], register = array<i64: 13, 1, 32>, unroll = 4 : i64
#x = affine_map<(m, b, n, k) -> (m, k)>
#w = affine_map<(m, b, n, k) -> (b, k, n)>
#y = affine_map<(m, b, n, k) -> (m, b, n)>
module attributes {aicc.target = "x86-64-v4"} {
func.func private @packed(%x: tensor<128x768xf32>, %w: tensor<24x768x32xf32>, %o: tensor<128x24x32xf32>) -> tensor<128x24x32xf32> attributes {aicc.kernel = "matmul"} {
  %r = linalg.generic {indexing_maps = [#x, #w, #y], iterator_types = ["parallel", "parallel", "parallel", "reduction"]} ins(%x, %w : tensor<128x768xf32>, tensor<24x768x32xf32>) outs(%o : tensor<128x24x32xf32>) {
  ^bb0(%a: f32, %b: f32, %s: f32):
    %p = arith.mulf %a, %b : f32
    %q = arith.addf %s, %p : f32
    linalg.yield %q : f32
  } -> tensor<128x24x32xf32>
  return %r : tensor<128x24x32xf32>
}
}

// -----

// One row uses a block of columns once: the processor's own prefetching follows it.
// CHECK-LABEL: func.func private @one_row
// CHECK-NOT: prefetch
// CHECK: return
#x = affine_map<(m, b, n, k) -> (m, k)>
#w = affine_map<(m, b, n, k) -> (b, k, n)>
#y = affine_map<(m, b, n, k) -> (m, b, n)>
module attributes {aicc.target = "x86-64-v4"} {
func.func private @one_row(%x: tensor<1x768xf32>, %w: tensor<24x768x32xf32>, %o: tensor<1x24x32xf32>) -> tensor<1x24x32xf32> attributes {aicc.kernel = "matmul"} {
  %r = linalg.generic {indexing_maps = [#x, #w, #y], iterator_types = ["parallel", "parallel", "parallel", "reduction"]} ins(%x, %w : tensor<1x768xf32>, tensor<24x768x32xf32>) outs(%o : tensor<1x24x32xf32>) {
  ^bb0(%a: f32, %b: f32, %s: f32):
    %p = arith.mulf %a, %b : f32
    %q = arith.addf %s, %p : f32
    linalg.yield %q : f32
  } -> tensor<1x24x32xf32>
  return %r : tensor<1x24x32xf32>
}
}

// -----

// Neither operand runs along the columns: plain loops, with the reason.
// CHECK-LABEL: func.func private @transposed
// CHECK: aicc.schedule = {class = "loops", reason = "not one operand along the lanes and one across"}
#a = affine_map<(m, n, k) -> (m, k)>
#b = affine_map<(m, n, k) -> (n, k)>
#c = affine_map<(m, n, k) -> (m, n)>
func.func private @transposed(%a: tensor<4x8xf32>, %b: tensor<6x8xf32>, %o: tensor<4x6xf32>) -> tensor<4x6xf32> attributes {aicc.kernel = "matmul"} {
  %r = linalg.generic {indexing_maps = [#a, #b, #c], iterator_types = ["parallel", "parallel", "reduction"]} ins(%a, %b : tensor<4x8xf32>, tensor<6x8xf32>) outs(%o : tensor<4x6xf32>) {
  ^bb0(%x: f32, %y: f32, %s: f32):
    %p = arith.mulf %x, %y : f32
    %q = arith.addf %s, %p : f32
    linalg.yield %q : f32
  } -> tensor<4x6xf32>
  return %r : tensor<4x6xf32>
}

// -----

// What is decided already stays, and element-wise kernels are none of this pass's business.
// CHECK-LABEL: func.func private @by_hand
// CHECK: aicc.schedule = {class = "loops", reason = "by hand"}
// CHECK-LABEL: func.func private @elementwise
// CHECK-NOT: aicc.schedule
func.func private @by_hand(%a: tensor<4x8xf32>, %b: tensor<8x16xf32>, %o: tensor<4x16xf32>) -> tensor<4x16xf32> attributes {aicc.kernel = "matmul"} {
  %r = linalg.matmul {aicc.schedule = {class = "loops", reason = "by hand"}} ins(%a, %b : tensor<4x8xf32>, tensor<8x16xf32>) outs(%o : tensor<4x16xf32>) -> tensor<4x16xf32>
  return %r : tensor<4x16xf32>
}
func.func private @elementwise(%a: tensor<4xf32>, %o: tensor<4xf32>) -> tensor<4xf32> attributes {aicc.kernel = "elementwise"} {
  %r = linalg.exp ins(%a : tensor<4xf32>) outs(%o : tensor<4xf32>) -> tensor<4xf32>
  return %r : tensor<4xf32>
}

// -----

// The tile of a short sum asks for the memory that it will be stored to.
// CHECK-LABEL: func.func private @short
// CHECK: prefetch = ["panel", "rows", "output"]
#x1 = affine_map<(m, b, n, k) -> (m, k)>
#w1 = affine_map<(m, b, n, k) -> (b, k, n)>
#y1 = affine_map<(m, b, n, k) -> (m, b, n)>
module attributes {aicc.target = "x86-64-v4"} {
func.func private @short(%x: tensor<128x64xf32>, %w: tensor<8x64x32xf32>, %o: tensor<128x8x32xf32>) -> tensor<128x8x32xf32> attributes {aicc.kernel = "matmul"} {
  %r = linalg.generic {indexing_maps = [#x1, #w1, #y1], iterator_types = ["parallel", "parallel", "parallel", "reduction"]} ins(%x, %w : tensor<128x64xf32>, tensor<8x64x32xf32>) outs(%o : tensor<128x8x32xf32>) {
  ^bb0(%a: f32, %b: f32, %s: f32):
    %p = arith.mulf %a, %b : f32
    %q = arith.addf %s, %p : f32
    linalg.yield %q : f32
  } -> tensor<128x8x32xf32>
  return %r : tensor<128x8x32xf32>
}
}

// -----

// The columns are the larger operand: threads share them, and each reads all rows.
// CHECK-LABEL: func.func private @columns
// CHECK: outer = array<i64: 0, 224>, parallel = true
module attributes {aicc.target = "x86-64-v4", aicc.threads = 2 : i64} {
func.func private @columns(%a: tensor<64x256xf32>, %b: tensor<256x3136xf32>, %o: tensor<64x3136xf32>) -> tensor<64x3136xf32> attributes {aicc.kernel = "matmul"} {
  %zero = arith.constant 0.0 : f32
  %f = linalg.fill ins(%zero : f32) outs(%o : tensor<64x3136xf32>) -> tensor<64x3136xf32>
  %r = linalg.matmul ins(%a, %b : tensor<64x256xf32>, tensor<256x3136xf32>) outs(%f : tensor<64x3136xf32>) -> tensor<64x3136xf32>
  return %r : tensor<64x3136xf32>
}
}

// -----

// A dimension of one element between rows and columns, which a reshape left, has no say.
// CHECK-LABEL: func.func private @unit
// CHECK: register = array<i64: 13, 1, 32>
#x2 = affine_map<(m, u, n, k) -> (m, u, k)>
#w2 = affine_map<(m, u, n, k) -> (k, n)>
#y2 = affine_map<(m, u, n, k) -> (m, u, n)>
module attributes {aicc.target = "x86-64-v4"} {
func.func private @unit(%x: tensor<128x1x64xf32>, %w: tensor<64x3136xf32>, %o: tensor<128x1x3136xf32>) -> tensor<128x1x3136xf32> attributes {aicc.kernel = "matmul"} {
  %r = linalg.generic {indexing_maps = [#x2, #w2, #y2], iterator_types = ["parallel", "parallel", "parallel", "reduction"]} ins(%x, %w : tensor<128x1x64xf32>, tensor<64x3136xf32>) outs(%o : tensor<128x1x3136xf32>) {
  ^bb0(%a: f32, %b: f32, %s: f32):
    %p = arith.mulf %a, %b : f32
    %q = arith.addf %s, %p : f32
    linalg.yield %q : f32
  } -> tensor<128x1x3136xf32>
  return %r : tensor<128x1x3136xf32>
}
}
