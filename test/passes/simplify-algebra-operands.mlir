// RUN: aicc-opt %s --simplify-algebra | filecheck %s
// RUN: aicc-opt %s --simplify-algebra > %t.once
// RUN: aicc-opt %t.once --simplify-algebra > %t.twice
// RUN: diff %t.once %t.twice

// max(x, x) -> x; also min, and, or.
// CHECK-LABEL: func.func @same_operands(
// CHECK-NEXT: return %arg0
func.func @same_operands(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.maximum"(%arg0, %arg0) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @same_operands_2(
// CHECK-NEXT: return %arg0
func.func @same_operands_2(%arg0: tensor<4xi1>, %arg1: tensor<4xi1>) -> tensor<4xi1> {
  %0 = "graph.and"(%arg0, %arg0) : (tensor<4xi1>, tensor<4xi1>) -> tensor<4xi1>
  return %0 : tensor<4xi1>
}

// CHECK-LABEL: func.func @same_operands_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.add"(%arg0, %arg0)
// CHECK-NEXT: return %[[A]]
func.func @same_operands_reject(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.add"(%arg0, %arg0) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// max(max(x, y), y) -> max(x, y); also min, and, or.
// CHECK-LABEL: func.func @repeated_operand(
// CHECK-NEXT: %[[A:.*]] = "graph.maximum"(%arg0, %arg1)
// CHECK-NEXT: return %[[A]]
func.func @repeated_operand(%arg0: tensor<2x3xf32>, %arg1: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.maximum"(%arg0, %arg1) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.maximum"(%0, %arg1) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @repeated_operand_2(
// CHECK-NEXT: %[[A:.*]] = "graph.or"(%arg1, %arg0)
// CHECK-NEXT: return %[[A]]
func.func @repeated_operand_2(%arg0: tensor<4xi1>, %arg1: tensor<4xi1>) -> tensor<4xi1> {
  %0 = "graph.or"(%arg1, %arg0) : (tensor<4xi1>, tensor<4xi1>) -> tensor<4xi1>
  %1 = "graph.or"(%arg1, %0) : (tensor<4xi1>, tensor<4xi1>) -> tensor<4xi1>
  return %1 : tensor<4xi1>
}

// y may be NaN where x is not.
// CHECK-LABEL: func.func @repeated_operand_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.minimum"(%arg0, %arg1)
// CHECK-NEXT: %[[B:.*]] = "graph.maximum"(%[[A]], %arg1)
// CHECK-NEXT: return %[[B]]
func.func @repeated_operand_reject(%arg0: tensor<2x3xf32>, %arg1: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.minimum"(%arg0, %arg1) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.maximum"(%0, %arg1) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// max(x, min(x, y)) -> x; also and/or; not for floats, where y may be NaN.
// CHECK-LABEL: func.func @absorbed_operand(
// CHECK-NEXT: return %arg0
func.func @absorbed_operand(%arg0: tensor<2x3xi32>, %arg1: tensor<2x3xi32>) -> tensor<2x3xi32> {
  %0 = "graph.minimum"(%arg1, %arg0) : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xi32>
  %1 = "graph.maximum"(%arg0, %0) : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xi32>
  return %1 : tensor<2x3xi32>
}

// CHECK-LABEL: func.func @absorbed_operand_2(
// CHECK-NEXT: return %arg0
func.func @absorbed_operand_2(%arg0: tensor<4xi1>, %arg1: tensor<4xi1>) -> tensor<4xi1> {
  %0 = "graph.or"(%arg0, %arg1) : (tensor<4xi1>, tensor<4xi1>) -> tensor<4xi1>
  %1 = "graph.and"(%0, %arg0) : (tensor<4xi1>, tensor<4xi1>) -> tensor<4xi1>
  return %1 : tensor<4xi1>
}

// y may be NaN where x is not.
// CHECK-LABEL: func.func @absorbed_operand_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.minimum"(%arg0, %arg1)
// CHECK-NEXT: %[[B:.*]] = "graph.maximum"(%arg0, %[[A]])
// CHECK-NEXT: return %[[B]]
func.func @absorbed_operand_reject(%arg0: tensor<2x3xf32>, %arg1: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.minimum"(%arg0, %arg1) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.maximum"(%arg0, %0) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// xor(x, x) -> 0; xor(xor(x, y), y) -> x.
// CHECK-LABEL: func.func @xor_cancels(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<false> : tensor<i1>}
// CHECK-NEXT: %[[B:.*]] = "graph.expand"(%[[A]]) {shape = array<i64: 4>}
// CHECK-NEXT: return %[[B]]
func.func @xor_cancels(%arg0: tensor<4xi1>, %arg1: tensor<4xi1>) -> tensor<4xi1> {
  %0 = "graph.xor"(%arg0, %arg0) : (tensor<4xi1>, tensor<4xi1>) -> tensor<4xi1>
  return %0 : tensor<4xi1>
}

// CHECK-LABEL: func.func @xor_cancels_2(
// CHECK-NEXT: return %arg0
func.func @xor_cancels_2(%arg0: tensor<2x3xi32>, %arg1: tensor<2x3xi32>) -> tensor<2x3xi32> {
  %0 = "graph.bitwise_xor"(%arg0, %arg1) : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xi32>
  %1 = "graph.bitwise_xor"(%0, %arg1) : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xi32>
  return %1 : tensor<2x3xi32>
}

// CHECK-LABEL: func.func @xor_cancels_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.bitwise_or"(%arg0, %arg1)
// CHECK-NEXT: %[[B:.*]] = "graph.bitwise_xor"(%[[A]], %arg1)
// CHECK-NEXT: return %[[B]]
func.func @xor_cancels_reject(%arg0: tensor<2x3xi32>, %arg1: tensor<2x3xi32>) -> tensor<2x3xi32> {
  %0 = "graph.bitwise_or"(%arg0, %arg1) : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xi32>
  %1 = "graph.bitwise_xor"(%0, %arg1) : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xi32>
  return %1 : tensor<2x3xi32>
}

// x - x -> 0; of floats NaN and infinities are lost.
// CHECK-LABEL: func.func @subtract_itself(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<0> : tensor<i32>}
// CHECK-NEXT: %[[B:.*]] = "graph.expand"(%[[A]]) {shape = array<i64: 2, 3>}
// CHECK-NEXT: return %[[B]]
func.func @subtract_itself(%arg0: tensor<2x3xi32>) -> tensor<2x3xi32> {
  %0 = "graph.sub"(%arg0, %arg0) : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xi32>
  return %0 : tensor<2x3xi32>
}

// inf - inf is NaN.
// CHECK-LABEL: func.func @subtract_itself_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.sub"(%arg0, %arg0)
// CHECK-NEXT: return %[[A]]
func.func @subtract_itself_reject(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.sub"(%arg0, %arg0) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// x < x -> false, also for NaN.
// CHECK-LABEL: func.func @compare_with_itself(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<false> : tensor<i1>}
// CHECK-NEXT: %[[B:.*]] = "graph.expand"(%[[A]]) {shape = array<i64: 2, 3>}
// CHECK-NEXT: return %[[B]]
func.func @compare_with_itself(%arg0: tensor<2x3xf32>) -> tensor<2x3xi1> {
  %0 = "graph.less"(%arg0, %arg0) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xi1>
  return %0 : tensor<2x3xi1>
}

// CHECK-LABEL: func.func @compare_with_itself_2(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<false> : tensor<i1>}
// CHECK-NEXT: %[[B:.*]] = "graph.expand"(%[[A]]) {shape = array<i64: 2, 3>}
// CHECK-NEXT: return %[[B]]
func.func @compare_with_itself_2(%arg0: tensor<2x3xi32>) -> tensor<2x3xi1> {
  %0 = "graph.greater"(%arg0, %arg0) : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xi1>
  return %0 : tensor<2x3xi1>
}

// CHECK-LABEL: func.func @compare_with_itself_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.less"(%arg0, %arg1)
// CHECK-NEXT: return %[[A]]
func.func @compare_with_itself_reject(%arg0: tensor<2x3xf32>, %arg1: tensor<2x3xf32>) -> tensor<2x3xi1> {
  %0 = "graph.less"(%arg0, %arg1) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xi1>
  return %0 : tensor<2x3xi1>
}

// x == x -> true for integers and bools; a float may be NaN.
// CHECK-LABEL: func.func @equal_to_itself(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<true> : tensor<i1>}
// CHECK-NEXT: %[[B:.*]] = "graph.expand"(%[[A]]) {shape = array<i64: 2, 3>}
// CHECK-NEXT: return %[[B]]
func.func @equal_to_itself(%arg0: tensor<2x3xi32>) -> tensor<2x3xi1> {
  %0 = "graph.equal"(%arg0, %arg0) : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xi1>
  return %0 : tensor<2x3xi1>
}

// CHECK-LABEL: func.func @equal_to_itself_2(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<true> : tensor<i1>}
// CHECK-NEXT: %[[B:.*]] = "graph.expand"(%[[A]]) {shape = array<i64: 2, 3>}
// CHECK-NEXT: return %[[B]]
func.func @equal_to_itself_2(%arg0: tensor<2x3xi32>) -> tensor<2x3xi1> {
  %0 = "graph.less_equal"(%arg0, %arg0) : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xi1>
  return %0 : tensor<2x3xi1>
}

// NaN is not equal to itself.
// CHECK-LABEL: func.func @equal_to_itself_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.equal"(%arg0, %arg0)
// CHECK-NEXT: return %[[A]]
func.func @equal_to_itself_reject(%arg0: tensor<2x3xf32>) -> tensor<2x3xi1> {
  %0 = "graph.equal"(%arg0, %arg0) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xi1>
  return %0 : tensor<2x3xi1>
}

// where(c, x, x) -> x.
// CHECK-LABEL: func.func @same_choices(
// CHECK-NEXT: return %arg1
func.func @same_choices(%arg0: tensor<3xi1>, %arg1: tensor<2x3xf32>, %arg2: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.where"(%arg0, %arg1, %arg1) : (tensor<3xi1>, tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @same_choices_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.where"(%arg0, %arg1, %arg2)
// CHECK-NEXT: return %[[A]]
func.func @same_choices_reject(%arg0: tensor<3xi1>, %arg1: tensor<2x3xf32>, %arg2: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.where"(%arg0, %arg1, %arg2) : (tensor<3xi1>, tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// where(true, x, y) -> x; where(false, x, y) -> y.
// CHECK-LABEL: func.func @known_condition(
// CHECK-NEXT: return %arg1
func.func @known_condition(%arg0: tensor<2x3xf32>, %arg1: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<false> : tensor<i1>} : () -> tensor<i1>
  %1 = "graph.where"(%0, %arg0, %arg1) : (tensor<i1>, tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @known_condition_2(
// CHECK-NEXT: return %arg0
func.func @known_condition_2(%arg0: tensor<2x3xf32>, %arg1: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<true> : tensor<3xi1>} : () -> tensor<3xi1>
  %1 = "graph.where"(%0, %arg0, %arg1) : (tensor<3xi1>, tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @known_condition_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<[true, true, false]> : tensor<3xi1>}
// CHECK-NEXT: %[[B:.*]] = "graph.where"(%[[A]], %arg0, %arg1)
// CHECK-NEXT: return %[[B]]
func.func @known_condition_reject(%arg0: tensor<2x3xf32>, %arg1: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<[true, true, false]> : tensor<3xi1>} : () -> tensor<3xi1>
  %1 = "graph.where"(%0, %arg0, %arg1) : (tensor<3xi1>, tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// (x + y) - y -> x; (x - y) + y -> x; y - (y - x) -> x.
// CHECK-LABEL: func.func @cancel_sum(
// CHECK-NEXT: return %arg0
func.func @cancel_sum(%arg0: tensor<2x3xi32>, %arg1: tensor<2x3xi32>) -> tensor<2x3xi32> {
  %0 = "graph.add"(%arg0, %arg1) : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xi32>
  %1 = "graph.sub"(%0, %arg1) : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xi32>
  return %1 : tensor<2x3xi32>
}

// CHECK-LABEL: func.func @cancel_sum_2(
// CHECK-NEXT: return %arg0
func.func @cancel_sum_2(%arg0: tensor<2x3xi32>, %arg1: tensor<2x3xi32>) -> tensor<2x3xi32> {
  %0 = "graph.sub"(%arg0, %arg1) : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xi32>
  %1 = "graph.add"(%arg1, %0) : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xi32>
  return %1 : tensor<2x3xi32>
}

// CHECK-LABEL: func.func @cancel_sum_3(
// CHECK-NEXT: return %arg0
func.func @cancel_sum_3(%arg0: tensor<2x3xi32>, %arg1: tensor<2x3xi32>) -> tensor<2x3xi32> {
  %0 = "graph.sub"(%arg1, %arg0) : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xi32>
  %1 = "graph.sub"(%arg1, %0) : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xi32>
  return %1 : tensor<2x3xi32>
}

// The sum rounds, or y is infinite.
// CHECK-LABEL: func.func @cancel_sum_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.add"(%arg0, %arg1)
// CHECK-NEXT: %[[B:.*]] = "graph.sub"(%[[A]], %arg1)
// CHECK-NEXT: return %[[B]]
func.func @cancel_sum_reject(%arg0: tensor<2x3xf32>, %arg1: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.add"(%arg0, %arg1) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.sub"(%0, %arg1) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// An operand need not be expanded to what the op broadcasts it to.
// CHECK-LABEL: func.func @narrow_operand(
// CHECK-NEXT: %[[A:.*]] = "graph.add"(%arg0, %arg1)
// CHECK-NEXT: return %[[A]]
func.func @narrow_operand(%arg0: tensor<2x3xf32>, %arg1: tensor<1x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.expand"(%arg1) {shape = array<i64: 2, 3>} : (tensor<1x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.add"(%arg0, %0) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// Nothing else has the shape of the result.
// CHECK-LABEL: func.func @narrow_operand_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.expand"(%arg1) {shape = array<i64: 2, 3>}
// CHECK-NEXT: %[[B:.*]] = "graph.add"(%arg0, %[[A]])
// CHECK-NEXT: return %[[B]]
func.func @narrow_operand_reject(%arg0: tensor<1x3xf32>, %arg1: tensor<1x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.expand"(%arg1) {shape = array<i64: 2, 3>} : (tensor<1x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.add"(%arg0, %0) : (tensor<1x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}
