// RUN: aicc-opt %s --fold-quantization --split-input-file | FileCheck %s
// RUN: aicc-opt %s --fold-quantization --split-input-file -o %t.once
// RUN: aicc-opt %t.once --fold-quantization --split-input-file -o %t.twice
// RUN: diff %t.once %t.twice

// Rounding to a byte, and back to a float.
// CHECK-LABEL: func.func @steps
// CHECK: %[[Q:.*]] = "graph.quantize"(%arg0) {scale = 5.000000e-01 : f64, to = ui8, zero = 3 : i64}
// CHECK: %[[D:.*]] = "graph.dequantize"(%[[Q]]) {scale = 2.500000e-01 : f64, zero = 3 : i64}
// CHECK: return %[[Q]], %[[D]]
func.func @steps(%x: tensor<4x8xf32>) -> (tensor<4x8xui8>, tensor<4x8xf32>) {
  %s = "graph.constant"() {value = dense<0.5> : tensor<f32>} : () -> tensor<f32>
  %r = "graph.constant"() {value = dense<0.25> : tensor<f32>} : () -> tensor<f32>
  %z = "graph.constant"() {value = dense<3.0> : tensor<f32>} : () -> tensor<f32>
  %lo = "graph.constant"() {value = dense<0.0> : tensor<f32>} : () -> tensor<f32>
  %hi = "graph.constant"() {value = dense<255.0> : tensor<f32>} : () -> tensor<f32>
  %i = "graph.constant"() {value = dense<3> : tensor<i32>} : () -> tensor<i32>
  %0 = "graph.div"(%x, %s) : (tensor<4x8xf32>, tensor<f32>) -> tensor<4x8xf32>
  %1 = "graph.round"(%0) : (tensor<4x8xf32>) -> tensor<4x8xf32>
  %2 = "graph.add"(%1, %z) : (tensor<4x8xf32>, tensor<f32>) -> tensor<4x8xf32>
  %3 = "graph.maximum"(%2, %lo) : (tensor<4x8xf32>, tensor<f32>) -> tensor<4x8xf32>
  %4 = "graph.minimum"(%3, %hi) : (tensor<4x8xf32>, tensor<f32>) -> tensor<4x8xf32>
  %5 = "graph.cast"(%4) {to = ui8} : (tensor<4x8xf32>) -> tensor<4x8xui8>
  %6 = "graph.cast"(%5) {to = i32} : (tensor<4x8xui8>) -> tensor<4x8xi32>
  %7 = "graph.sub"(%6, %i) : (tensor<4x8xi32>, tensor<i32>) -> tensor<4x8xi32>
  %8 = "graph.cast"(%7) {to = f32} : (tensor<4x8xi32>) -> tensor<4x8xf32>
  %9 = "graph.mul"(%8, %r) : (tensor<4x8xf32>, tensor<f32>) -> tensor<4x8xf32>
  return %5, %9 : tensor<4x8xui8>, tensor<4x8xf32>
}

// -----

// What a sum is multiplied by goes into its factors and offsets; a float that only gets a factor
// keeps it.
// CHECK-LABEL: func.func @factors
// CHECK: %[[B:.*]] = "graph.mul"(%arg1, %{{.*}})
// CHECK: %[[A:.*]] = "graph.mul"(%arg2, %{{.*}})
// CHECK: %[[M:.*]] = "graph.mul"(%arg0, %[[A]])
// CHECK: %[[S:.*]] = "graph.add"(%[[M]], %[[B]])
// CHECK: "graph.quantize"(%[[S]]) {scale = 1.000000e+00 : f64, to = i8, zero = 0 : i64}
// CHECK: %[[K:.*]] = "graph.mul"(%arg3, %{{.*}})
// CHECK: "graph.quantize"(%[[K]]) {scale = 1.000000e+00 : f64, to = i8, zero = 0 : i64}
func.func @factors(%x: tensor<4x8xf32>, %b: tensor<8xf32> {aicc.weight}, %a: tensor<8xf32> {aicc.weight}, %y: tensor<4x8xf32>) -> (tensor<4x8xi8>, tensor<4x8xi8>) {
  %f = "graph.constant"() {value = dense<4.0> : tensor<f32>} : () -> tensor<f32>
  %lo = "graph.constant"() {value = dense<-128.0> : tensor<f32>} : () -> tensor<f32>
  %hi = "graph.constant"() {value = dense<127.0> : tensor<f32>} : () -> tensor<f32>
  %m = "graph.mul"(%x, %a) : (tensor<4x8xf32>, tensor<8xf32>) -> tensor<4x8xf32>
  %s = "graph.add"(%m, %b) : (tensor<4x8xf32>, tensor<8xf32>) -> tensor<4x8xf32>
  %0 = "graph.mul"(%s, %f) : (tensor<4x8xf32>, tensor<f32>) -> tensor<4x8xf32>
  %1 = "graph.round"(%0) : (tensor<4x8xf32>) -> tensor<4x8xf32>
  %2 = "graph.maximum"(%1, %lo) : (tensor<4x8xf32>, tensor<f32>) -> tensor<4x8xf32>
  %3 = "graph.minimum"(%2, %hi) : (tensor<4x8xf32>, tensor<f32>) -> tensor<4x8xf32>
  %4 = "graph.cast"(%3) {to = i8} : (tensor<4x8xf32>) -> tensor<4x8xi8>
  %5 = "graph.mul"(%y, %f) : (tensor<4x8xf32>, tensor<f32>) -> tensor<4x8xf32>
  %6 = "graph.round"(%5) : (tensor<4x8xf32>) -> tensor<4x8xf32>
  %7 = "graph.maximum"(%6, %lo) : (tensor<4x8xf32>, tensor<f32>) -> tensor<4x8xf32>
  %8 = "graph.minimum"(%7, %hi) : (tensor<4x8xf32>, tensor<f32>) -> tensor<4x8xf32>
  %9 = "graph.cast"(%8) {to = i8} : (tensor<4x8xf32>) -> tensor<4x8xi8>
  return %4, %9 : tensor<4x8xi8>, tensor<4x8xi8>
}

// -----

// A cast that does not round, another width, a scale per channel.
// CHECK-LABEL: func.func @others
// CHECK-NOT: quantize
func.func @others(%x: tensor<4x8xf32>, %q: tensor<4x8xui8>, %s: tensor<8xf32>) -> (tensor<4x8xui8>, tensor<4x8xi16>, tensor<4x8xf32>) {
  %0 = "graph.cast"(%x) {to = ui8} : (tensor<4x8xf32>) -> tensor<4x8xui8>
  %1 = "graph.round"(%x) : (tensor<4x8xf32>) -> tensor<4x8xf32>
  %2 = "graph.cast"(%1) {to = i16} : (tensor<4x8xf32>) -> tensor<4x8xi16>
  %3 = "graph.cast"(%q) {to = f32} : (tensor<4x8xui8>) -> tensor<4x8xf32>
  %4 = "graph.mul"(%3, %s) : (tensor<4x8xf32>, tensor<8xf32>) -> tensor<4x8xf32>
  return %0, %2, %4 : tensor<4x8xui8>, tensor<4x8xi16>, tensor<4x8xf32>
}

// -----

// Bytes are moved; the same scale and zero point afterwards leave nothing to compute.
// CHECK-LABEL: func.func @moves
// CHECK: %[[P:.*]] = "graph.max_pool"(%arg0) {{.*}} (tensor<1x4x8x8xui8>)
// CHECK: %[[T:.*]] = "graph.transpose"(%arg0)
// CHECK: %[[D:.*]] = "graph.dequantize"(%[[T]])
// CHECK: %[[Z:.*]] = "graph.constant"() {value = dense<7> : tensor<ui8>}
// CHECK: %[[W:.*]] = "graph.pad"(%arg0, %[[Z]])
// CHECK: "graph.dequantize"(%[[W]])
// CHECK: return %[[P]], %[[D]]
func.func @moves(%q: tensor<1x4x8x8xui8>) -> (tensor<1x4x4x4xui8>, tensor<1x8x8x4xf32>, tensor<1x4x9x8xf32>) {
  %zero = "graph.constant"() {value = dense<0.0> : tensor<f32>} : () -> tensor<f32>
  %d = "graph.dequantize"(%q) {scale = 0.5, zero = 7 : i64} : (tensor<1x4x8x8xui8>) -> tensor<1x4x8x8xf32>
  %p = "graph.max_pool"(%d) {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>, pads = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>} : (tensor<1x4x8x8xf32>) -> tensor<1x4x4x4xf32>
  %0 = "graph.quantize"(%p) {scale = 0.5, zero = 7 : i64, to = ui8} : (tensor<1x4x4x4xf32>) -> tensor<1x4x4x4xui8>
  %1 = "graph.transpose"(%d) {permutation = array<i64: 0, 2, 3, 1>} : (tensor<1x4x8x8xf32>) -> tensor<1x8x8x4xf32>
  %2 = "graph.pad"(%d, %zero) {low = array<i64: 0, 0, 0, 0>, high = array<i64: 0, 0, 1, 0>} : (tensor<1x4x8x8xf32>, tensor<f32>) -> tensor<1x4x9x8xf32>
  return %0, %1, %2 : tensor<1x4x4x4xui8>, tensor<1x8x8x4xf32>, tensor<1x4x9x8xf32>
}

// -----

// Joined as bytes: those of one scale as they are, others rounded to the scale of the result.
// CHECK-LABEL: func.func @joins
// CHECK: %[[S:.*]] = "graph.concat"(%arg0, %arg1)
// CHECK: "graph.dequantize"(%[[S]])
// CHECK: %[[Q:.*]] = "graph.quantize"(%{{.*}}) {scale = 2.500000e-01
// CHECK: %[[R:.*]] = "graph.quantize"(%arg2)
// CHECK: "graph.concat"(%[[Q]], %[[R]]){{.*}} -> tensor<4x4xui8>
func.func @joins(%a: tensor<2x4xui8>, %b: tensor<2x4xui8>, %x: tensor<2x4xf32>) -> (tensor<4x4xf32>, tensor<4x4xui8>) {
  %0 = "graph.dequantize"(%a) {scale = 0.5, zero = 7 : i64} : (tensor<2x4xui8>) -> tensor<2x4xf32>
  %1 = "graph.dequantize"(%b) {scale = 0.5, zero = 7 : i64} : (tensor<2x4xui8>) -> tensor<2x4xf32>
  %2 = "graph.concat"(%0, %1) {axis = 0 : i64, operandSegmentSizes = array<i32: 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<4x4xf32>
  %3 = "graph.concat"(%0, %x) {axis = 0 : i64, operandSegmentSizes = array<i32: 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<4x4xf32>
  %4 = "graph.quantize"(%3) {scale = 0.25, zero = 7 : i64, to = ui8} : (tensor<4x4xf32>) -> tensor<4x4xui8>
  return %2, %4 : tensor<4x4xf32>, tensor<4x4xui8>
}

// -----

// Padding that is no byte, a joined value that is read elsewhere, bytes of two scales.
// CHECK-LABEL: func.func @stay
// CHECK: "graph.pad"({{.*}} -> tensor<3x4xf32>
// CHECK: %[[J:.*]] = "graph.concat"({{.*}} -> tensor<4x4xf32>
// CHECK: "graph.quantize"(%[[J]])
func.func @stay(%a: tensor<2x4xui8>, %b: tensor<2x4xui8>) -> (tensor<3x4xf32>, tensor<4x4xf32>, tensor<4x4xui8>) {
  %one = "graph.constant"() {value = dense<1.0> : tensor<f32>} : () -> tensor<f32>
  %0 = "graph.dequantize"(%a) {scale = 0.5, zero = 7 : i64} : (tensor<2x4xui8>) -> tensor<2x4xf32>
  %1 = "graph.dequantize"(%b) {scale = 0.3, zero = 7 : i64} : (tensor<2x4xui8>) -> tensor<2x4xf32>
  %2 = "graph.pad"(%0, %one) {low = array<i64: 0, 0>, high = array<i64: 1, 0>} : (tensor<2x4xf32>, tensor<f32>) -> tensor<3x4xf32>
  %3 = "graph.concat"(%0, %1) {axis = 0 : i64, operandSegmentSizes = array<i32: 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<4x4xf32>
  %4 = "graph.quantize"(%3) {scale = 0.25, zero = 7 : i64, to = ui8} : (tensor<4x4xf32>) -> tensor<4x4xui8>
  return %2, %3, %4 : tensor<3x4xf32>, tensor<4x4xf32>, tensor<4x4xui8>
}

// -----

// What lies below zero becomes the least byte with or without a relu, but only if that stands for 0.
// CHECK-LABEL: func.func @relu
// CHECK: "graph.quantize"(%arg0) {{.*}} zero = -128
// CHECK: %[[R:.*]] = "graph.relu"(%arg0)
// CHECK: "graph.quantize"(%[[R]]) {{.*}} zero = 3
func.func @relu(%x: tensor<4x8xf32>) -> (tensor<4x8xi8>, tensor<4x8xui8>) {
  %0 = "graph.relu"(%x) : (tensor<4x8xf32>) -> tensor<4x8xf32>
  %1 = "graph.quantize"(%0) {scale = 0.5, zero = -128 : i64, to = i8} : (tensor<4x8xf32>) -> tensor<4x8xi8>
  %2 = "graph.relu"(%x) : (tensor<4x8xf32>) -> tensor<4x8xf32>
  %3 = "graph.quantize"(%2) {scale = 0.5, zero = 3 : i64, to = ui8} : (tensor<4x8xf32>) -> tensor<4x8xui8>
  return %1, %3 : tensor<4x8xi8>, tensor<4x8xui8>
}

// -----

// The quotient of a sum goes into the scales of both terms, where every pair of bytes is rounded alike.
// CHECK-LABEL: func.func @sums
// CHECK: %[[A:.*]] = "graph.dequantize"(%arg0) {scale = 1.000000e+00 : f64, zero = 7 : i64}
// CHECK: %[[B:.*]] = "graph.dequantize"(%arg1) {scale = 5.000000e-01 : f64, zero = 0 : i64}
// CHECK: %[[S:.*]] = "graph.add"(%[[A]], %[[B]])
// CHECK: "graph.quantize"(%[[S]]) {scale = 1.000000e+00 : f64, to = ui8, zero = 9 : i64}
func.func @sums(%a: tensor<2x4xui8>, %b: tensor<2x4xi8>) -> tensor<2x4xui8> {
  %0 = "graph.dequantize"(%a) {scale = 0.5, zero = 7 : i64} : (tensor<2x4xui8>) -> tensor<2x4xf32>
  %1 = "graph.dequantize"(%b) {scale = 0.25, zero = 0 : i64} : (tensor<2x4xi8>) -> tensor<2x4xf32>
  %2 = "graph.add"(%0, %1) : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  %3 = "graph.quantize"(%2) {scale = 0.5, zero = 9 : i64, to = ui8} : (tensor<2x4xf32>) -> tensor<2x4xui8>
  return %3 : tensor<2x4xui8>
}

// -----

// A sum that is read elsewhere, and quotients of more bits than a float has.
// CHECK-LABEL: func.func @sums_that_stay
// CHECK: "graph.quantize"(%{{.*}}) {scale = 5.000000e-01 : f64
// CHECK: "graph.quantize"(%{{.*}}) {scale = {{.*}}E-7 : f64
func.func @sums_that_stay(%a: tensor<2x4xui8>, %b: tensor<2x4xi8>) -> (tensor<2x4xf32>, tensor<2x4xui8>, tensor<2x4xui8>) {
  %0 = "graph.dequantize"(%a) {scale = 0.5, zero = 7 : i64} : (tensor<2x4xui8>) -> tensor<2x4xf32>
  %1 = "graph.dequantize"(%b) {scale = 0.25, zero = 0 : i64} : (tensor<2x4xi8>) -> tensor<2x4xf32>
  %2 = "graph.add"(%0, %1) : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  %3 = "graph.quantize"(%2) {scale = 0.5, zero = 9 : i64, to = ui8} : (tensor<2x4xf32>) -> tensor<2x4xui8>
  %4 = "graph.dequantize"(%a) {scale = 0.75, zero = 7 : i64} : (tensor<2x4xui8>) -> tensor<2x4xf32>
  %5 = "graph.add"(%4, %1) : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  %6 = "graph.quantize"(%5) {scale = 0.000001, zero = 9 : i64, to = ui8} : (tensor<2x4xf32>) -> tensor<2x4xui8>
  return %2, %3, %6 : tensor<2x4xf32>, tensor<2x4xui8>, tensor<2x4xui8>
}
