// RUN: aicc-opt %s --split-input-file --pack-weights | filecheck %s
// RUN: aicc-opt %s --split-input-file --pass-pipeline='builtin.module(pack-weights,pack-weights)' | filecheck %s

// 13 groups of eight channels: 13 blocks of the filter.
// CHECK-LABEL: func.func @grouped
// CHECK: "graph.reshape"(%arg1) {{.*}} -> tensor<13x8x8x3x3xf32>
// CHECK: %[[W:.*]] = "graph.transpose"{{.*}} -> tensor<13x3x3x8x8xf32>
// CHECK: "graph.conv"(%arg0, %[[W]]) {{.*}}filter_layout = "packed"{{.*}}group = 13{{.*}}out_channels = 104
module attributes {aicc.target = "skylake-avx512"} {
  func.func @grouped(%x: tensor<1x28x28x104xf32>, %w: tensor<104x8x3x3xf32> {aicc.weight = "w"}) -> tensor<1x28x28x104xf32> {
    %y = "graph.conv"(%x, %w) {operandSegmentSizes = array<i32: 1, 1, 0>, strides = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>, dilations = array<i64: 1, 1>, group = 13 : i64, layout = "NHWC", filter_layout = "OIHW", padding = 0 : i64} : (tensor<1x28x28x104xf32>, tensor<104x8x3x3xf32>) -> tensor<1x28x28x104xf32>
    return %y : tensor<1x28x28x104xf32>
  }
}

// -----

// Two outputs a group would leave most lanes idle.
// CHECK-LABEL: func.func @narrow
// CHECK-NOT: "packed"
module attributes {aicc.target = "skylake-avx512"} {
  func.func @narrow(%x: tensor<1x28x28x32xf32>, %w: tensor<64x1x3x3xf32> {aicc.weight = "w"}) -> tensor<1x28x28x64xf32> {
    %y = "graph.conv"(%x, %w) {operandSegmentSizes = array<i32: 1, 1, 0>, strides = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>, dilations = array<i64: 1, 1>, group = 32 : i64, layout = "NHWC", filter_layout = "OIHW", padding = 0 : i64} : (tensor<1x28x28x32xf32>, tensor<64x1x3x3xf32>) -> tensor<1x28x28x64xf32>
    return %y : tensor<1x28x28x64xf32>
  }
}
