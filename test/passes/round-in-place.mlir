// RUN: aicc-opt %s --round-in-place | FileCheck %s
// RUN: aicc-opt %s --round-in-place -o %t.once
// RUN: aicc-opt %t.once --round-in-place -o %t.twice
// RUN: diff %t.once %t.twice

// CHECK-LABEL: func.func @inside
// CHECK: %[[S:.*]] = "graph.snap"(%arg0) {scale = 5.000000e-01 : f64, step = 2.500000e-01 : f64, to = ui8, zero = 3 : i64}
// CHECK-NEXT: "graph.add"(%[[S]], %arg1)
func.func @inside(%x: tensor<4x8xf32>, %y: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %g = "graph.group"() ({
    %0 = "graph.quantize"(%x) {scale = 0.5, zero = 3 : i64, to = ui8} : (tensor<4x8xf32>) -> tensor<4x8xui8>
    %1 = "graph.dequantize"(%0) {scale = 0.25, zero = 3 : i64} : (tensor<4x8xui8>) -> tensor<4x8xf32>
    %2 = "graph.add"(%1, %y) : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
    "graph.yield"(%2) {operandSegmentSizes = array<i32: 1>} : (tensor<4x8xf32>) -> ()
  }) {resultSegmentSizes = array<i32: 1>} : () -> tensor<4x8xf32>
  return %g : tensor<4x8xf32>
}

// Bytes that are read twice, another zero point, bytes of another kernel.
// CHECK-LABEL: func.func @apart
// CHECK-NOT: graph.snap
func.func @apart(%x: tensor<4x8xf32>) -> (tensor<4x8xf32>, tensor<4x8xf32>, tensor<4x8xf32>) {
  %a = "graph.group"() ({
    %0 = "graph.quantize"(%x) {scale = 0.5, zero = 3 : i64, to = ui8} : (tensor<4x8xf32>) -> tensor<4x8xui8>
    %1 = "graph.dequantize"(%0) {scale = 0.5, zero = 3 : i64} : (tensor<4x8xui8>) -> tensor<4x8xf32>
    %2 = "graph.dequantize"(%0) {scale = 0.3, zero = 3 : i64} : (tensor<4x8xui8>) -> tensor<4x8xf32>
    %3 = "graph.add"(%1, %2) : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
    "graph.yield"(%3) {operandSegmentSizes = array<i32: 1>} : (tensor<4x8xf32>) -> ()
  }) {resultSegmentSizes = array<i32: 1>} : () -> tensor<4x8xf32>
  %q = "graph.quantize"(%x) {scale = 0.5, zero = 3 : i64, to = ui8} : (tensor<4x8xf32>) -> tensor<4x8xui8>
  %b = "graph.group"() ({
    %0 = "graph.quantize"(%x) {scale = 0.5, zero = 3 : i64, to = ui8} : (tensor<4x8xf32>) -> tensor<4x8xui8>
    %1 = "graph.dequantize"(%0) {scale = 0.5, zero = 4 : i64} : (tensor<4x8xui8>) -> tensor<4x8xf32>
    "graph.yield"(%1) {operandSegmentSizes = array<i32: 1>} : (tensor<4x8xf32>) -> ()
  }) {resultSegmentSizes = array<i32: 1>} : () -> tensor<4x8xf32>
  %c = "graph.group"() ({
    %0 = "graph.dequantize"(%q) {scale = 0.5, zero = 3 : i64} : (tensor<4x8xui8>) -> tensor<4x8xf32>
    %1 = "graph.relu"(%0) : (tensor<4x8xf32>) -> tensor<4x8xf32>
    "graph.yield"(%1) {operandSegmentSizes = array<i32: 1>} : (tensor<4x8xf32>) -> ()
  }) {resultSegmentSizes = array<i32: 1>} : () -> tensor<4x8xf32>
  return %a, %b, %c : tensor<4x8xf32>, tensor<4x8xf32>, tensor<4x8xf32>
}
