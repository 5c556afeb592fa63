// RUN: aicc-opt %s --narrow-precision --split-input-file | FileCheck %s
// RUN: aicc-opt %s --narrow-precision --split-input-file -o %t.once
// RUN: aicc-opt %t.once --narrow-precision --split-input-file -o %t.twice
// RUN: diff %t.once %t.twice

// An activation is rounded once, where it is made, for the product and for every other reader.
// CHECK-LABEL: func.func @products
// CHECK: %[[RELU:.*]] = "graph.relu"
// CHECK-NEXT: %[[NARROW:.*]] = "graph.cast"(%[[RELU]]) {to = bf16}
// CHECK-NEXT: %[[WIDE:.*]] = "graph.cast"(%[[NARROW]]) {to = f32}
// CHECK: %[[W:.*]] = "graph.cast"(%arg1) {to = bf16}
// CHECK-NEXT: %[[Y:.*]] = "graph.conv"(%[[NARROW]], %[[W]], %arg2) {{.*}}to = f32
// CHECK-SAME: (tensor<1x8x5x5xbf16>, tensor<8x8x3x3xbf16>, tensor<8xf32>) -> tensor<1x8x5x5xf32>
// CHECK-NEXT: "graph.add"(%[[Y]], %[[WIDE]])
module attributes {aicc.precision = "bf16", aicc.target = "znver4"} {
func.func @products(%x: tensor<1x8x5x5xf32>, %w: tensor<8x8x3x3xf32> {aicc.weight}, %b: tensor<8xf32> {aicc.weight}) -> tensor<1x8x5x5xf32> {
  %0 = "graph.relu"(%x) : (tensor<1x8x5x5xf32>) -> tensor<1x8x5x5xf32>
  %1 = "graph.conv"(%0, %w, %b) {dilations = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 1>} : (tensor<1x8x5x5xf32>, tensor<8x8x3x3xf32>, tensor<8xf32>) -> tensor<1x8x5x5xf32>
  %2 = "graph.add"(%1, %0) : (tensor<1x8x5x5xf32>, tensor<1x8x5x5xf32>) -> tensor<1x8x5x5xf32>
  return %2 : tensor<1x8x5x5xf32>
}
}

// -----

// Two activations, an odd depth: in f32. Two products of one activation share what is rounded.
// CHECK-LABEL: func.func @some
// CHECK-COUNT-1: "graph.cast"(%arg0) {to = bf16}
// CHECK: "graph.matmul"(%{{.*}}, %{{.*}}) {{.*}}to = f32
// CHECK: "graph.matmul"(%{{.*}}, %{{.*}}) {{.*}}to = f32
// CHECK: "graph.matmul"({{.*}}) : (tensor<4x8xf32>, tensor<8x8xf32>) -> tensor<4x8xf32>
// CHECK: "graph.matmul"({{.*}}) : (tensor<4x7xf32>, tensor<7x8xf32>) -> tensor<4x8xf32>
module attributes {aicc.precision = "bf16", aicc.target = "znver4"} {
func.func @some(%x: tensor<4x8xf32>, %z: tensor<8x8xf32>, %o: tensor<4x7xf32>, %w: tensor<8x8xf32> {aicc.weight}, %v: tensor<7x8xf32> {aicc.weight}) -> (tensor<4x8xf32>, tensor<4x8xf32>, tensor<4x8xf32>, tensor<4x8xf32>) {
  %0 = "graph.matmul"(%x, %w) : (tensor<4x8xf32>, tensor<8x8xf32>) -> tensor<4x8xf32>
  %1 = "graph.matmul"(%x, %w) : (tensor<4x8xf32>, tensor<8x8xf32>) -> tensor<4x8xf32>
  %2 = "graph.matmul"(%x, %z) : (tensor<4x8xf32>, tensor<8x8xf32>) -> tensor<4x8xf32>
  %3 = "graph.matmul"(%o, %v) : (tensor<4x7xf32>, tensor<7x8xf32>) -> tensor<4x8xf32>
  return %0, %1, %2, %3 : tensor<4x8xf32>, tensor<4x8xf32>, tensor<4x8xf32>, tensor<4x8xf32>
}
}

// -----

// Nothing without being asked for, and nothing on a machine without such instructions.
// CHECK-LABEL: func.func @unasked
// CHECK-NOT: xbf16
// CHECK-LABEL: func.func @unable
// CHECK-NOT: xbf16
module attributes {aicc.target = "znver4"} {
func.func @unasked(%x: tensor<4x8xf32>, %w: tensor<8x8xf32> {aicc.weight}) -> tensor<4x8xf32> {
  %0 = "graph.matmul"(%x, %w) : (tensor<4x8xf32>, tensor<8x8xf32>) -> tensor<4x8xf32>
  return %0 : tensor<4x8xf32>
}
}

// -----

module attributes {aicc.precision = "bf16", aicc.target = "x86-64-v4"} {
func.func @unable(%x: tensor<4x8xf32>, %w: tensor<8x8xf32> {aicc.weight}) -> tensor<4x8xf32> {
  %0 = "graph.matmul"(%x, %w) : (tensor<4x8xf32>, tensor<8x8xf32>) -> tensor<4x8xf32>
  return %0 : tensor<4x8xf32>
}
}

// -----

// A convolution of three channels gets one of zeros.
// CHECK-LABEL: func.func @odd_channels
// CHECK-DAG: "graph.pad"{{.*}} : (tensor<1x3x5x5xbf16>, tensor<bf16>) -> tensor<1x4x5x5xbf16>
// CHECK-DAG: "graph.pad"{{.*}} : (tensor<8x3x3x3xbf16>, tensor<bf16>) -> tensor<8x4x3x3xbf16>
// CHECK: "graph.conv"{{.*}} : (tensor<1x4x5x5xbf16>, tensor<8x4x3x3xbf16>) -> tensor<1x8x3x3xf32>
module attributes {aicc.precision = "bf16", aicc.target = "sapphirerapids"} {
func.func @odd_channels(%x: tensor<1x3x5x5xf32>, %w: tensor<8x3x3x3xf32> {aicc.weight}) -> tensor<1x8x3x3xf32> {
  %0 = "graph.conv"(%x, %w) {dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x3x5x5xf32>, tensor<8x3x3x3xf32>) -> tensor<1x8x3x3xf32>
  return %0 : tensor<1x8x3x3xf32>
}
}
