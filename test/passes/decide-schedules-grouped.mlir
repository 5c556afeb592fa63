// RUN: aicc-opt %s --pass-pipeline='builtin.module(outline-kernels,graph-to-linalg,decide-schedules)' | filecheck %s

// Groups of eight channels fill vectors of eight; eight rows for all groups are taken at a time, so
// that the cache lines that groups share are found in the cache.
// CHECK: aicc.schedule = {class = "conv", lanes = 8 : i64, {{.*}}outer = array<i64: 0, 8, 0, 1, 0>
module attributes {aicc.target = "skylake-avx512", aicc.threads = 1 : i64} {
  func.func @main(%x: tensor<1x112x112x48xf32> {aicc.input = "x"}, %w: tensor<6x3x3x8x8xf32> {aicc.weight = "w"}) -> (tensor<1x56x56x48xf32> {aicc.output = "y"}) {
    %y = "graph.conv"(%x, %w) {operandSegmentSizes = array<i32: 1, 1, 0>, strides = array<i64: 2, 2>, pads = array<i64: 1, 1, 1, 1>, dilations = array<i64: 1, 1>, group = 6 : i64, layout = "NHWC", filter_layout = "packed", out_channels = 48 : i64, padding = 0 : i64} : (tensor<1x112x112x48xf32>, tensor<6x3x3x8x8xf32>) -> tensor<1x56x56x48xf32>
    return %y : tensor<1x56x56x48xf32>
  }
}
