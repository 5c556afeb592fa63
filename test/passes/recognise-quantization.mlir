// RUN: aicc-opt %s --recognise-quantization --split-input-file | FileCheck %s
// RUN: aicc-opt %s --recognise-quantization --split-input-file -o %t.once
// RUN: aicc-opt %t.once --recognise-quantization --split-input-file -o %t.twice
// RUN: diff %t.once %t.twice

// The zero point moves into the padding and into what is added to the sums.
// CHECK-LABEL: func.func @conv
// CHECK-DAG: %[[WIDE:.*]] = "graph.cast"(%arg1) {to = i32}
// CHECK-DAG: %[[TOTAL:.*]] = "graph.reduce_sum"(%[[WIDE]]) {axes = array<i64: 1, 2, 3>, keepdims = false}
// CHECK-DAG: dense<-3> : tensor<i32>
// CHECK: %[[SUMS:.*]] = "graph.conv"(%arg0, %arg1, %{{.*}}) {{.*}}padding = 3 : i64{{.*}}to = i32
// CHECK-SAME: (tensor<1x8x5x5xui8>, tensor<16x8x3x3xi8>, tensor<16xi32>) -> tensor<1x16x5x5xi32>
// CHECK: "graph.cast"(%[[SUMS]]) {to = f32}
// CHECK-NEXT: "graph.mul"
// CHECK: "graph.add"
module attributes {aicc.target = "znver4"} {
func.func @conv(%q: tensor<1x8x5x5xui8>, %r: tensor<16x8x3x3xi8> {aicc.weight}, %b: tensor<16xf32> {aicc.weight}) -> tensor<1x16x5x5xf32> {
  %z = "graph.constant"() {value = dense<3> : tensor<i32>} : () -> tensor<i32>
  %s = "graph.constant"() {value = dense<0.5> : tensor<f32>} : () -> tensor<f32>
  %0 = "graph.cast"(%q) {to = i32} : (tensor<1x8x5x5xui8>) -> tensor<1x8x5x5xi32>
  %1 = "graph.sub"(%0, %z) : (tensor<1x8x5x5xi32>, tensor<i32>) -> tensor<1x8x5x5xi32>
  %2 = "graph.cast"(%1) {to = f32} : (tensor<1x8x5x5xi32>) -> tensor<1x8x5x5xf32>
  %3 = "graph.mul"(%2, %s) : (tensor<1x8x5x5xf32>, tensor<f32>) -> tensor<1x8x5x5xf32>
  %4 = "graph.cast"(%r) {to = f32} : (tensor<16x8x3x3xi8>) -> tensor<16x8x3x3xf32>
  %5 = "graph.mul"(%4, %s) : (tensor<16x8x3x3xf32>, tensor<f32>) -> tensor<16x8x3x3xf32>
  %6 = "graph.conv"(%3, %5, %b) {dilations = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 1>} : (tensor<1x8x5x5xf32>, tensor<16x8x3x3xf32>, tensor<16xf32>) -> tensor<1x16x5x5xf32>
  return %6 : tensor<1x16x5x5xf32>
}
}

// -----

// Integers need no scales; zeros fill the depth; signed inputs become unsigned.
// CHECK-LABEL: func.func @matmul
// CHECK: "graph.cast"(%{{.*}}) {to = ui8}
// CHECK: "graph.pad"({{.*}}) {high = array<i64: 0, 2>, low = array<i64: 0, 0>, mode = "constant"} : (tensor<4x6xui8>, tensor<ui8>) -> tensor<4x8xui8>
// CHECK: "graph.pad"({{.*}}) {high = array<i64: 2, 0>, low = array<i64: 0, 0>, mode = "constant"} : (tensor<6x16xi8>, tensor<i8>) -> tensor<8x16xi8>
// CHECK: "graph.matmul"{{.*}} {rhs_layout = "KN", to = i32} : (tensor<4x8xui8>, tensor<8x16xi8>) -> tensor<4x16xi32>
// CHECK: dense<-128> : tensor<i32>
module attributes {aicc.target = "znver4"} {
func.func @matmul(%q: tensor<4x6xi8>, %r: tensor<6x16xi8> {aicc.weight}) -> tensor<4x16xi32> {
  %0 = "graph.cast"(%q) {to = i32} : (tensor<4x6xi8>) -> tensor<4x6xi32>
  %1 = "graph.cast"(%r) {to = i32} : (tensor<6x16xi8>) -> tensor<6x16xi32>
  %2 = "graph.matmul"(%0, %1) : (tensor<4x6xi32>, tensor<6x16xi32>) -> tensor<4x16xi32>
  return %2 : tensor<4x16xi32>
}
}

// -----

// Weights with a zero point need the sums of the input's rows.
// CHECK-LABEL: func.func @rows
// CHECK: %[[SUMS:.*]] = "graph.matmul"{{.*}} to = i32} : (tensor<4x8xui8>, tensor<8x16xi8>)
// CHECK: %[[ROWS:.*]] = "graph.reduce_sum"({{.*}}) {axes = array<i64: 1>, keepdims = true}
// CHECK: dense<40> : tensor<i32>
// CHECK: %[[PART:.*]] = "graph.sub"
// CHECK: "graph.add"(%[[SUMS]], %[[PART]])
module attributes {aicc.target = "znver4"} {
func.func @rows(%q: tensor<4x8xui8>, %w: tensor<8x16xi8> {aicc.weight}) -> tensor<4x16xi32> {
  %z = "graph.constant"() {value = dense<5> : tensor<i32>} : () -> tensor<i32>
  %0 = "graph.cast"(%q) {to = i32} : (tensor<4x8xui8>) -> tensor<4x8xi32>
  %1 = "graph.cast"(%w) {to = i32} : (tensor<8x16xi8>) -> tensor<8x16xi32>
  %2 = "graph.sub"(%1, %z) : (tensor<8x16xi32>, tensor<i32>) -> tensor<8x16xi32>
  %3 = "graph.matmul"(%0, %2) : (tensor<4x8xi32>, tensor<8x16xi32>) -> tensor<4x16xi32>
  return %3 : tensor<4x16xi32>
}
}

// -----

// A matrix of weights that is turned before the product is one of bytes all the same.
// CHECK-LABEL: func.func @turned
// CHECK-DAG: %[[SCALE:.*]] = "graph.transpose"(%arg2) {{.*}} -> tensor<1x16xf32>
// CHECK-DAG: %[[BYTES:.*]] = "graph.transpose"(%arg1) {{.*}} -> tensor<8x16xi8>
// CHECK: "graph.matmul"(%arg0, %[[BYTES]]) {{.*}} to = i32}
module attributes {aicc.target = "znver4"} {
func.func @turned(%q: tensor<4x8xui8>, %w: tensor<16x8xi8> {aicc.weight}, %t: tensor<16x1xf32> {aicc.weight}) -> tensor<4x16xf32> {
  %s = "graph.constant"() {value = dense<0.5> : tensor<f32>} : () -> tensor<f32>
  %0 = "graph.cast"(%q) {to = f32} : (tensor<4x8xui8>) -> tensor<4x8xf32>
  %1 = "graph.mul"(%0, %s) : (tensor<4x8xf32>, tensor<f32>) -> tensor<4x8xf32>
  %2 = "graph.cast"(%w) {to = f32} : (tensor<16x8xi8>) -> tensor<16x8xf32>
  %3 = "graph.mul"(%2, %t) : (tensor<16x8xf32>, tensor<16x1xf32>) -> tensor<16x8xf32>
  %4 = "graph.transpose"(%3) {permutation = array<i64: 1, 0>} : (tensor<16x8xf32>) -> tensor<8x16xf32>
  %5 = "graph.matmul"(%1, %4) {rhs_layout = "KN"} : (tensor<4x8xf32>, tensor<8x16xf32>) -> tensor<4x16xf32>
  return %5 : tensor<4x16xf32>
}
}

// -----

// A zero point that is computed at run time is a factor of the correction, and the padding.
// CHECK-LABEL: func.func @dynamic
// CHECK: %[[Z:.*]] = "graph.reshape"({{.*}}) {shape = array<i64>}
// CHECK: %[[MINUS:.*]] = "graph.neg"
// CHECK: %[[C:.*]] = "graph.mul"(%[[MINUS]], %{{.*}})
// CHECK: %[[P:.*]] = "graph.pad"(%arg0, %{{.*}}) {high = array<i64: 0, 0, 1, 1>, low = array<i64: 0, 0, 1, 1>
// CHECK: "graph.conv"(%[[P]], %arg1, %[[C]]) {{.*}}padding = 0 : i64, pads = array<i64: 0, 0, 0, 0>
module attributes {aicc.target = "znver4"} {
func.func @dynamic(%q: tensor<1x8x5x5xui8>, %r: tensor<16x8x3x3xi8> {aicc.weight}, %z: tensor<1xui8>) -> tensor<1x16x5x5xi32> {
  %0 = "graph.cast"(%q) {to = i32} : (tensor<1x8x5x5xui8>) -> tensor<1x8x5x5xi32>
  %p = "graph.cast"(%z) {to = i32} : (tensor<1xui8>) -> tensor<1xi32>
  %1 = "graph.sub"(%0, %p) : (tensor<1x8x5x5xi32>, tensor<1xi32>) -> tensor<1x8x5x5xi32>
  %2 = "graph.cast"(%r) {to = i32} : (tensor<16x8x3x3xi8>) -> tensor<16x8x3x3xi32>
  %3 = "graph.conv"(%1, %2) {dilations = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x8x5x5xi32>, tensor<16x8x3x3xi32>) -> tensor<1x16x5x5xi32>
  return %3 : tensor<1x16x5x5xi32>
}
}

// -----

// Weights that are no constant, or have several zero points, stay; so does all without the instruction.
// CHECK-LABEL: func.func @stays
// CHECK-NOT: graph.matmul{{.*}}to = i32
// CHECK-COUNT-2: "graph.matmul"{{.*}} : (tensor<4x8xi32>, tensor<8x16xi32>) -> tensor<4x16xi32>
module attributes {aicc.target = "znver4"} {
func.func @stays(%q: tensor<4x8xui8>, %r: tensor<8x16xi8>, %w: tensor<8x16xi8> {aicc.weight}) -> (tensor<4x16xi32>, tensor<4x16xi32>) {
  %z = "graph.constant"() {value = dense<[1, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]> : tensor<16xi32>} : () -> tensor<16xi32>
  %0 = "graph.cast"(%q) {to = i32} : (tensor<4x8xui8>) -> tensor<4x8xi32>
  %1 = "graph.cast"(%r) {to = i32} : (tensor<8x16xi8>) -> tensor<8x16xi32>
  %2 = "graph.matmul"(%0, %1) : (tensor<4x8xi32>, tensor<8x16xi32>) -> tensor<4x16xi32>
  %3 = "graph.cast"(%w) {to = i32} : (tensor<8x16xi8>) -> tensor<8x16xi32>
  %4 = "graph.sub"(%3, %z) : (tensor<8x16xi32>, tensor<16xi32>) -> tensor<8x16xi32>
  %5 = "graph.matmul"(%0, %4) : (tensor<4x8xi32>, tensor<8x16xi32>) -> tensor<4x16xi32>
  return %2, %5 : tensor<4x16xi32>, tensor<4x16xi32>
}
}

// -----

// CHECK-LABEL: func.func @without
// CHECK: "graph.matmul"{{.*}} : (tensor<4x8xi32>, tensor<8x16xi32>) -> tensor<4x16xi32>
module attributes {aicc.target = "x86-64-v3"} {
func.func @without(%q: tensor<4x8xui8>, %r: tensor<8x16xi8> {aicc.weight}) -> tensor<4x16xi32> {
  %0 = "graph.cast"(%q) {to = i32} : (tensor<4x8xui8>) -> tensor<4x8xi32>
  %1 = "graph.cast"(%r) {to = i32} : (tensor<8x16xi8>) -> tensor<8x16xi32>
  %2 = "graph.matmul"(%0, %1) : (tensor<4x8xi32>, tensor<8x16xi32>) -> tensor<4x16xi32>
  return %2 : tensor<4x16xi32>
}
}

// -----

// A sum of products that is rounded takes the reciprocal of the scale; what was rounded before, and
// what is not rounded, keeps the division.
// CHECK-LABEL: func.func @requantize
// CHECK: %[[SUM:.*]] = "graph.matmul"
// CHECK: %[[R:.*]] = "graph.constant"() {value = dense<3.33333325> : tensor<f32>}
// CHECK: %[[SCALED:.*]] = "graph.mul"(%[[SUM]], %[[R]])
// CHECK: "graph.round"(%[[SCALED]])
// CHECK: %[[KEPT:.*]] = "graph.div"(%arg2, %{{.*}})
// CHECK: "graph.round"(%[[KEPT]])
// CHECK: "graph.div"(%[[SUM]], %{{.*}})
module attributes {aicc.target = "znver4"} {
func.func @requantize(%x: tensor<4x8xf32>, %w: tensor<8x16xf32> {aicc.weight}, %y: tensor<4x16xf32>) -> (tensor<4x16xf32>, tensor<4x16xf32>, tensor<4x16xf32>) {
  %s = "graph.constant"() {value = dense<0.3> : tensor<f32>} : () -> tensor<f32>
  %0 = "graph.matmul"(%x, %w) {rhs_layout = "KN"} : (tensor<4x8xf32>, tensor<8x16xf32>) -> tensor<4x16xf32>
  %1 = "graph.div"(%0, %s) : (tensor<4x16xf32>, tensor<f32>) -> tensor<4x16xf32>
  %2 = "graph.round"(%1) : (tensor<4x16xf32>) -> tensor<4x16xf32>
  %3 = "graph.div"(%y, %s) : (tensor<4x16xf32>, tensor<f32>) -> tensor<4x16xf32>
  %4 = "graph.round"(%3) : (tensor<4x16xf32>) -> tensor<4x16xf32>
  %5 = "graph.div"(%0, %s) : (tensor<4x16xf32>, tensor<f32>) -> tensor<4x16xf32>
  return %2, %4, %5 : tensor<4x16xf32>, tensor<4x16xf32>, tensor<4x16xf32>
}
}
