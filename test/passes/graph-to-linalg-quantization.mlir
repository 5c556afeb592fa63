// RUN: aicc-opt %s --split-input-file --pass-pipeline='builtin.module(outline-kernels,graph-to-linalg)' | filecheck %s
// RUN: aicc-opt %s --split-input-file --pass-pipeline='builtin.module(outline-kernels,graph-to-linalg,graph-to-linalg)' | filecheck %s

// Limits, the quotient by a reciprocal in two parts, the rounder, whose bits leave the integer.
// CHECK-LABEL: func.func private
// CHECK: %[[LOW:.*]] = arith.maxnumf
// CHECK: %[[C:.*]] = arith.minnumf %[[LOW]]
// CHECK: %[[P:.*]] = arith.mulf %[[C]]
// CHECK: %[[Q:.*]] = math.fma %[[C]], %{{.*}}, %[[P]]
// CHECK: arith.addf %[[Q]]
// CHECK: arith.bitcast
// CHECK: arith.addi
// CHECK: arith.trunci {{.*}} : i32 to i8
// CHECK-NOT: arith.divf
func.func @quantize(%x: tensor<4xf32>) -> tensor<4xui8> {
  %0 = "graph.quantize"(%x) {scale = 0.30000001192092896, zero = 3 : i64, to = ui8} : (tensor<4xf32>) -> tensor<4xui8>
  return %0 : tensor<4xui8>
}

// -----

// A power of two needs one product, a scale of 1 none; 16 bits have too many halves to check.
// CHECK-LABEL: func.func private @elementwise_4
// CHECK-NOT: math.fma
// CHECK: arith.mulf
// CHECK-LABEL: func.func private @elementwise_5
// CHECK-NOT: arith.mulf
// CHECK-LABEL: func.func private @elementwise_6
// CHECK: arith.divf
func.func @others(%x: tensor<4xf32>, %y: tensor<5xf32>, %z: tensor<6xf32>) -> (tensor<4xui8>, tensor<5xui8>, tensor<6xi16>) {
  %0 = "graph.quantize"(%x) {scale = 0.25, zero = 0 : i64, to = ui8} : (tensor<4xf32>) -> tensor<4xui8>
  %1 = "graph.quantize"(%y) {scale = 1.0, zero = 0 : i64, to = ui8} : (tensor<5xf32>) -> tensor<5xui8>
  %2 = "graph.quantize"(%z) {scale = 0.3, zero = 0 : i64, to = i16} : (tensor<6xf32>) -> tensor<6xi16>
  return %0, %1, %2 : tensor<4xui8>, tensor<5xui8>, tensor<6xi16>
}

// -----

// CHECK-LABEL: func.func private
// CHECK: %[[T:.*]] = arith.constant dense<7> : tensor<256xi8>
// CHECK: linalg.generic
// CHECK: %[[I:.*]] = arith.index_castui %{{.*}} : i8 to index
// CHECK: tensor.extract %[[T]][%[[I]]]
func.func @lookup(%x: tensor<4xui8>) -> tensor<4xi8> {
  %0 = "graph.lookup"(%x) {table = dense<7> : tensor<256xi8>} : (tensor<4xui8>) -> tensor<4xi8>
  return %0 : tensor<4xi8>
}

// -----

// No integer in between.
// CHECK-LABEL: func.func private
// CHECK: arith.addf
// CHECK-NEXT: arith.constant
// CHECK-NEXT: arith.subf
// CHECK-NOT: i32
func.func @snap(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = "graph.snap"(%x) {scale = 0.5, zero = 3 : i64, to = i8, step = 0.25} : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}
