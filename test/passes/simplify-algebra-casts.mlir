// RUN: aicc-opt %s --simplify-algebra | filecheck %s
// RUN: aicc-opt %s --simplify-algebra > %t.once
// RUN: aicc-opt %t.once --simplify-algebra > %t.twice
// RUN: diff %t.once %t.twice

// A cast to the type that the operand has -> the operand.
// CHECK-LABEL: func.func @same_type(
// CHECK-NEXT: return %arg0
func.func @same_type(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.cast"(%arg0) {to = f32} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @same_type_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.cast"(%arg0) {to = ui32}
// CHECK-NEXT: return %[[A]]
func.func @same_type_reject(%arg0: tensor<2x3xi32>) -> tensor<2x3xui32> {
  %0 = "graph.cast"(%arg0) {to = ui32} : (tensor<2x3xi32>) -> tensor<2x3xui32>
  return %0 : tensor<2x3xui32>
}

// The first cast of two goes, if it loses nothing that the second one keeps.
// Every f16 is an f32.
// CHECK-LABEL: func.func @cast_of_cast(
// CHECK-NEXT: %[[A:.*]] = "graph.cast"(%arg0) {to = f64}
// CHECK-NEXT: return %[[A]]
func.func @cast_of_cast(%arg0: tensor<4xf16>) -> tensor<4xf64> {
  %0 = "graph.cast"(%arg0) {to = f32} : (tensor<4xf16>) -> tensor<4xf32>
  %1 = "graph.cast"(%0) {to = f64} : (tensor<4xf32>) -> tensor<4xf64>
  return %1 : tensor<4xf64>
}

// CHECK-LABEL: func.func @cast_of_cast_2(
// CHECK-NEXT: return %arg0
func.func @cast_of_cast_2(%arg0: tensor<4xi8>) -> tensor<4xi8> {
  %0 = "graph.cast"(%arg0) {to = f32} : (tensor<4xi8>) -> tensor<4xf32>
  %1 = "graph.cast"(%0) {to = i8} : (tensor<4xf32>) -> tensor<4xi8>
  return %1 : tensor<4xi8>
}

// The low bits are the same.
// CHECK-LABEL: func.func @cast_of_cast_3(
// CHECK-NEXT: %[[A:.*]] = "graph.cast"(%arg0) {to = i8}
// CHECK-NEXT: return %[[A]]
func.func @cast_of_cast_3(%arg0: tensor<4xi64>) -> tensor<4xi8> {
  %0 = "graph.cast"(%arg0) {to = i32} : (tensor<4xi64>) -> tensor<4xi32>
  %1 = "graph.cast"(%0) {to = i8} : (tensor<4xi32>) -> tensor<4xi8>
  return %1 : tensor<4xi8>
}

// The low bits are the same.
// CHECK-LABEL: func.func @cast_of_cast_4(
// CHECK-NEXT: %[[A:.*]] = "graph.cast"(%arg0) {to = ui16}
// CHECK-NEXT: return %[[A]]
func.func @cast_of_cast_4(%arg0: tensor<4xi8>) -> tensor<4xui16> {
  %0 = "graph.cast"(%arg0) {to = ui32} : (tensor<4xi8>) -> tensor<4xui32>
  %1 = "graph.cast"(%0) {to = ui16} : (tensor<4xui32>) -> tensor<4xui16>
  return %1 : tensor<4xui16>
}

// CHECK-LABEL: func.func @cast_of_cast_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.cast"(%arg0) {to = f16}
// CHECK-NEXT: %[[B:.*]] = "graph.cast"(%[[A]]) {to = f32}
// CHECK-NEXT: return %[[B]]
func.func @cast_of_cast_reject(%arg0: tensor<4xf32>) -> tensor<4xf32> {
  %0 = "graph.cast"(%arg0) {to = f16} : (tensor<4xf32>) -> tensor<4xf16>
  %1 = "graph.cast"(%0) {to = f32} : (tensor<4xf16>) -> tensor<4xf32>
  return %1 : tensor<4xf32>
}

// CHECK-LABEL: func.func @cast_of_cast_reject_2(
// CHECK-NEXT: %[[A:.*]] = "graph.cast"(%arg0) {to = f32}
// CHECK-NEXT: %[[B:.*]] = "graph.cast"(%[[A]]) {to = i32}
// CHECK-NEXT: return %[[B]]
func.func @cast_of_cast_reject_2(%arg0: tensor<4xi32>) -> tensor<4xi32> {
  %0 = "graph.cast"(%arg0) {to = f32} : (tensor<4xi32>) -> tensor<4xf32>
  %1 = "graph.cast"(%0) {to = i32} : (tensor<4xf32>) -> tensor<4xi32>
  return %1 : tensor<4xi32>
}

// CHECK-LABEL: func.func @cast_of_cast_reject_3(
// CHECK-NEXT: %[[A:.*]] = "graph.cast"(%arg0) {to = ui8}
// CHECK-NEXT: %[[B:.*]] = "graph.cast"(%[[A]]) {to = i32}
// CHECK-NEXT: return %[[B]]
func.func @cast_of_cast_reject_3(%arg0: tensor<4xi8>) -> tensor<4xi32> {
  %0 = "graph.cast"(%arg0) {to = ui8} : (tensor<4xi8>) -> tensor<4xui8>
  %1 = "graph.cast"(%0) {to = i32} : (tensor<4xui8>) -> tensor<4xi32>
  return %1 : tensor<4xi32>
}

// CHECK-LABEL: func.func @cast_of_cast_reject_4(
// CHECK-NEXT: %[[A:.*]] = "graph.cast"(%arg0) {to = bf16}
// CHECK-NEXT: %[[B:.*]] = "graph.cast"(%[[A]]) {to = f32}
// CHECK-NEXT: return %[[B]]
func.func @cast_of_cast_reject_4(%arg0: tensor<4xf16>) -> tensor<4xf32> {
  %0 = "graph.cast"(%arg0) {to = bf16} : (tensor<4xf16>) -> tensor<4xbf16>
  %1 = "graph.cast"(%0) {to = f32} : (tensor<4xbf16>) -> tensor<4xf32>
  return %1 : tensor<4xf32>
}

// CHECK-LABEL: func.func @cast_of_cast_reject_5(
// CHECK-NEXT: %[[A:.*]] = "graph.cast"(%arg0) {to = i1}
// CHECK-NEXT: %[[B:.*]] = "graph.cast"(%[[A]]) {to = i32}
// CHECK-NEXT: return %[[B]]
func.func @cast_of_cast_reject_5(%arg0: tensor<4xf32>) -> tensor<4xi32> {
  %0 = "graph.cast"(%arg0) {to = i1} : (tensor<4xf32>) -> tensor<4xi1>
  %1 = "graph.cast"(%0) {to = i32} : (tensor<4xi1>) -> tensor<4xi32>
  return %1 : tensor<4xi32>
}

// 256 wraps to 0.
// CHECK-LABEL: func.func @cast_of_cast_reject_6(
// CHECK-NEXT: %[[A:.*]] = "graph.cast"(%arg0) {to = i8}
// CHECK-NEXT: %[[B:.*]] = "graph.cast"(%[[A]]) {to = i1}
// CHECK-NEXT: return %[[B]]
func.func @cast_of_cast_reject_6(%arg0: tensor<4xi32>) -> tensor<4xi1> {
  %0 = "graph.cast"(%arg0) {to = i8} : (tensor<4xi32>) -> tensor<4xi8>
  %1 = "graph.cast"(%0) {to = i1} : (tensor<4xi8>) -> tensor<4xi1>
  return %1 : tensor<4xi1>
}

// cast(x) < cast(y) -> x < y, if the casts lose nothing.
// CHECK-LABEL: func.func @compare_before_cast(
// CHECK-NEXT: %[[A:.*]] = "graph.less"(%arg0, %arg1)
// CHECK-NEXT: return %[[A]]
func.func @compare_before_cast(%arg0: tensor<4xi8>, %arg1: tensor<4xi8>) -> tensor<4xi1> {
  %0 = "graph.cast"(%arg0) {to = f32} : (tensor<4xi8>) -> tensor<4xf32>
  %1 = "graph.cast"(%arg1) {to = f32} : (tensor<4xi8>) -> tensor<4xf32>
  %2 = "graph.less"(%0, %1) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xi1>
  return %2 : tensor<4xi1>
}

// CHECK-LABEL: func.func @compare_before_cast_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.cast"(%arg0) {to = f32}
// CHECK-NEXT: %[[B:.*]] = "graph.cast"(%arg1) {to = f32}
// CHECK-NEXT: %[[C:.*]] = "graph.less"(%[[A]], %[[B]])
// CHECK-NEXT: return %[[C]]
func.func @compare_before_cast_reject(%arg0: tensor<4xi32>, %arg1: tensor<4xi32>) -> tensor<4xi1> {
  %0 = "graph.cast"(%arg0) {to = f32} : (tensor<4xi32>) -> tensor<4xf32>
  %1 = "graph.cast"(%arg1) {to = f32} : (tensor<4xi32>) -> tensor<4xf32>
  %2 = "graph.less"(%0, %1) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xi1>
  return %2 : tensor<4xi1>
}

// CHECK-LABEL: func.func @compare_before_cast_reject_2(
// CHECK-NEXT: %[[A:.*]] = "graph.cast"(%arg0) {to = f32}
// CHECK-NEXT: %[[B:.*]] = "graph.cast"(%arg1) {to = f32}
// CHECK-NEXT: %[[C:.*]] = "graph.less"(%[[A]], %[[B]])
// CHECK-NEXT: return %[[C]]
func.func @compare_before_cast_reject_2(%arg0: tensor<4xi8>, %arg1: tensor<4xui8>) -> tensor<4xi1> {
  %0 = "graph.cast"(%arg0) {to = f32} : (tensor<4xi8>) -> tensor<4xf32>
  %1 = "graph.cast"(%arg1) {to = f32} : (tensor<4xui8>) -> tensor<4xf32>
  %2 = "graph.less"(%0, %1) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xi1>
  return %2 : tensor<4xi1>
}
