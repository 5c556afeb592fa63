// RUN: aicc-opt %s --alternate-rows | filecheck %s
// RUN: aicc-opt %s --alternate-rows > %t.once
// RUN: aicc-opt %t.once --alternate-rows > %t.twice
// RUN: diff %t.once %t.twice

module attributes {aicc.target = "x86-64-v4", aicc.threads = 1 : i64} {
  // Every window starts where the kernel before ended; the first walks downwards, since nobody has
  // just written the input. What another kernel writes, it writes downwards.
  // CHECK-LABEL: func.func @main
  // CHECK: call @large(%arg0
  // CHECK-NEXT: call @large_upwards(
  // CHECK-NEXT: call @large(
  // CHECK-NEXT: call @other(
  // CHECK-NEXT: tensor.expand_shape
  // CHECK-NEXT: tensor.collapse_shape
  // CHECK-NEXT: call @large_upwards(
  // CHECK-NEXT: return
  func.func @main(%x: tensor<1x96x96x64xf32>, %w: tensor<3x3x64xf32>) -> tensor<1x96x96x64xf32> {
    %0 = call @large(%x, %w) : (tensor<1x96x96x64xf32>, tensor<3x3x64xf32>) -> tensor<1x96x96x64xf32>
    %1 = call @large(%0, %w) : (tensor<1x96x96x64xf32>, tensor<3x3x64xf32>) -> tensor<1x96x96x64xf32>
    %2 = call @large(%1, %w) : (tensor<1x96x96x64xf32>, tensor<3x3x64xf32>) -> tensor<1x96x96x64xf32>
    %3 = call @other(%2) : (tensor<1x96x96x64xf32>) -> tensor<1x96x96x64xf32>
    %4 = tensor.expand_shape %3 [[0], [1], [2, 3], [4]] output_shape [1, 96, 96, 1, 64] : tensor<1x96x96x64xf32> into tensor<1x96x96x1x64xf32>
    %5 = tensor.collapse_shape %4 [[0], [1], [2, 3], [4]] : tensor<1x96x96x1x64xf32> into tensor<1x96x96x64xf32>
    %6 = call @large(%5, %w) : (tensor<1x96x96x64xf32>, tensor<3x3x64xf32>) -> tensor<1x96x96x64xf32>
    return %6 : tensor<1x96x96x64xf32>
  }

  // An image that stays in the cache, and a kernel whose rows are shared by threads: as they were.
  // CHECK-LABEL: func.func @kept
  // CHECK: call @small(%arg0
  // CHECK-NEXT: call @small(
  // CHECK-NEXT: call @shared(%arg1
  // CHECK-NEXT: call @shared(
  // CHECK-NEXT: return
  func.func @kept(%x: tensor<1x14x14x64xf32>, %z: tensor<1x96x96x64xf32>, %w: tensor<3x3x64xf32>) -> (tensor<1x14x14x64xf32>, tensor<1x96x96x64xf32>) {
    %0 = call @small(%x, %w) : (tensor<1x14x14x64xf32>, tensor<3x3x64xf32>) -> tensor<1x14x14x64xf32>
    %1 = call @small(%0, %w) : (tensor<1x14x14x64xf32>, tensor<3x3x64xf32>) -> tensor<1x14x14x64xf32>
    %2 = call @shared(%z, %w) : (tensor<1x96x96x64xf32>, tensor<3x3x64xf32>) -> tensor<1x96x96x64xf32>
    %3 = call @shared(%2, %w) : (tensor<1x96x96x64xf32>, tensor<3x3x64xf32>) -> tensor<1x96x96x64xf32>
    return %1, %3 : tensor<1x14x14x64xf32>, tensor<1x96x96x64xf32>
  }

  // CHECK-LABEL: func.func private @large_upwards(
  // CHECK-SAME: reverse = true
  // CHECK-LABEL: func.func private @large(
  // CHECK-SAME: reverse = false
  func.func private @large(%x: tensor<1x96x96x64xf32>, %w: tensor<3x3x64xf32>) -> tensor<1x96x96x64xf32> attributes {aicc.kernel = "conv", aicc.windows = {batch = 1 : i64, channels = 64 : i64, columns = 8 : i64, dilation_x = 1 : i64, dilation_y = 1 : i64, height = 96 : i64, kernel_height = 3 : i64, kernel_width = 3 : i64, lanes = 16 : i64, left = 1 : i64, out_height = 96 : i64, out_width = 96 : i64, parallel = false, part = 64 : i64, row_groups = 48 : i64, rows = 2 : i64, start = 0.0 : f64, stride_x = 1 : i64, stride_y = 1 : i64, top = 1 : i64, w = 1 : i64, width = 96 : i64, x = 0 : i64}} {
    return %x : tensor<1x96x96x64xf32>
  }
  func.func private @other(%x: tensor<1x96x96x64xf32>) -> tensor<1x96x96x64xf32> {
    return %x : tensor<1x96x96x64xf32>
  }
  func.func private @small(%x: tensor<1x14x14x64xf32>, %w: tensor<3x3x64xf32>) -> tensor<1x14x14x64xf32> attributes {aicc.kernel = "conv", aicc.windows = {batch = 1 : i64, channels = 64 : i64, columns = 7 : i64, dilation_x = 1 : i64, dilation_y = 1 : i64, height = 14 : i64, kernel_height = 3 : i64, kernel_width = 3 : i64, lanes = 16 : i64, left = 1 : i64, out_height = 14 : i64, out_width = 14 : i64, parallel = false, part = 64 : i64, row_groups = 7 : i64, rows = 2 : i64, start = 0.0 : f64, stride_x = 1 : i64, stride_y = 1 : i64, top = 1 : i64, w = 1 : i64, width = 14 : i64, x = 0 : i64}} {
    return %x : tensor<1x14x14x64xf32>
  }
  func.func private @shared(%x: tensor<1x96x96x64xf32>, %w: tensor<3x3x64xf32>) -> tensor<1x96x96x64xf32> attributes {aicc.kernel = "conv", aicc.windows = {batch = 1 : i64, channels = 64 : i64, columns = 8 : i64, dilation_x = 1 : i64, dilation_y = 1 : i64, height = 96 : i64, kernel_height = 3 : i64, kernel_width = 3 : i64, lanes = 16 : i64, left = 1 : i64, out_height = 96 : i64, out_width = 96 : i64, parallel = true, part = 64 : i64, row_groups = 12 : i64, rows = 2 : i64, start = 0.0 : f64, stride_x = 1 : i64, stride_y = 1 : i64, top = 1 : i64, w = 1 : i64, width = 96 : i64, x = 0 : i64}} {
    return %x : tensor<1x96x96x64xf32>
  }
}
