// RUN: aicc-opt %s --tabulate-bytes --split-input-file | FileCheck %s
// RUN: aicc-opt %s --tabulate-bytes --split-input-file -o %t.once
// RUN: aicc-opt %t.once --tabulate-bytes --split-input-file -o %t.twice
// RUN: diff %t.once %t.twice

// x sigmoid(x), rounded three times, is one function of a byte; so is what is computed of its bytes.
// CHECK-LABEL: func.func @silu
// CHECK-NEXT: %[[Y:.*]] = "graph.lookup"(%arg0) {table = dense<"0x{{[0-9A-F]*}}"> : tensor<256xui8>} : (tensor<4x8xi8>) -> tensor<4x8xui8>
// CHECK-NEXT: return %[[Y]]
func.func @silu(%q: tensor<4x8xi8>) -> tensor<4x8xui8> {
  %0 = "graph.dequantize"(%q) {scale = 0.05, zero = -3 : i64} : (tensor<4x8xi8>) -> tensor<4x8xf32>
  %1 = "graph.sigmoid"(%0) : (tensor<4x8xf32>) -> tensor<4x8xf32>
  %2 = "graph.quantize"(%1) {scale = 0.004, zero = 0 : i64, to = ui8} : (tensor<4x8xf32>) -> tensor<4x8xui8>
  %3 = "graph.dequantize"(%2) {scale = 0.004, zero = 0 : i64} : (tensor<4x8xui8>) -> tensor<4x8xf32>
  %4 = "graph.mul"(%0, %3) : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  %5 = "graph.quantize"(%4) {scale = 0.02, zero = 12 : i64, to = ui8} : (tensor<4x8xf32>) -> tensor<4x8xui8>
  return %5 : tensor<4x8xui8>
}

// -----

// The values, in the order of the bytes.
// CHECK-LABEL: func.func @root
// CHECK: dense<"0x000102030405060708090A{{[0-9A-F]*}}FDFEFF">
func.func @root(%q: tensor<4xui8>) -> tensor<4xui8> {
  %0 = "graph.dequantize"(%q) {scale = 1.0, zero = 0 : i64} : (tensor<4xui8>) -> tensor<4xf32>
  %1 = "graph.sqrt"(%0) : (tensor<4xf32>) -> tensor<4xf32>
  %2 = "graph.mul"(%1, %1) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %3 = "graph.quantize"(%2) {scale = 1.0, zero = 0 : i64, to = ui8} : (tensor<4xf32>) -> tensor<4xui8>
  return %3 : tensor<4xui8>
}

// -----

// Another scale alone is cheap; two tensors of bytes are no function of one; a function of a float,
// per channel, or of a part of the bytes stays.
// CHECK-LABEL: func.func @stay
// CHECK-NOT: graph.lookup
func.func @stay(%q: tensor<4x8xui8>, %r: tensor<4x8xui8>, %x: tensor<4x8xf32>, %w: tensor<8xf32> {aicc.weight}) -> (tensor<4x8xui8>, tensor<4x8xui8>, tensor<4x8xui8>, tensor<4x8xui8>) {
  %0 = "graph.dequantize"(%q) {scale = 0.5, zero = 3 : i64} : (tensor<4x8xui8>) -> tensor<4x8xf32>
  %1 = "graph.quantize"(%0) {scale = 0.25, zero = 0 : i64, to = ui8} : (tensor<4x8xf32>) -> tensor<4x8xui8>
  %2 = "graph.dequantize"(%r) {scale = 0.25, zero = 3 : i64} : (tensor<4x8xui8>) -> tensor<4x8xf32>
  %3 = "graph.sigmoid"(%2) : (tensor<4x8xf32>) -> tensor<4x8xf32>
  %4 = "graph.mul"(%0, %3) : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  %5 = "graph.quantize"(%4) {scale = 0.25, zero = 0 : i64, to = ui8} : (tensor<4x8xf32>) -> tensor<4x8xui8>
  %6 = "graph.sigmoid"(%x) : (tensor<4x8xf32>) -> tensor<4x8xf32>
  %7 = "graph.quantize"(%6) {scale = 0.004, zero = 0 : i64, to = ui8} : (tensor<4x8xf32>) -> tensor<4x8xui8>
  %8 = "graph.mul"(%0, %w) : (tensor<4x8xf32>, tensor<8xf32>) -> tensor<4x8xf32>
  %9 = "graph.sigmoid"(%8) : (tensor<4x8xf32>) -> tensor<4x8xf32>
  %10 = "graph.quantize"(%9) {scale = 0.004, zero = 0 : i64, to = ui8} : (tensor<4x8xf32>) -> tensor<4x8xui8>
  return %1, %5, %7, %10 : tensor<4x8xui8>, tensor<4x8xui8>, tensor<4x8xui8>, tensor<4x8xui8>
}
