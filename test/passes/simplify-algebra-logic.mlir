// RUN: aicc-opt %s --simplify-algebra | filecheck %s
// RUN: aicc-opt %s --simplify-algebra > %t.once
// RUN: aicc-opt %t.once --simplify-algebra > %t.twice
// RUN: diff %t.once %t.twice

// c + x -> x + c; also other commutative ops, and c < x -> x > c.
// CHECK-LABEL: func.func @constant_last(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<2.000000e+00> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.add"(%arg0, %[[A]])
// CHECK-NEXT: return %[[B]]
func.func @constant_last(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<2.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.add"(%0, %arg0) : (tensor<f32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @constant_last_2(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<2.000000e+00> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.greater"(%arg0, %[[A]])
// CHECK-NEXT: return %[[B]]
func.func @constant_last_2(%arg0: tensor<2x3xf32>) -> tensor<2x3xi1> {
  %0 = "graph.constant"() {value = dense<2.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.less"(%0, %arg0) : (tensor<f32>, tensor<2x3xf32>) -> tensor<2x3xi1>
  return %1 : tensor<2x3xi1>
}

// CHECK-LABEL: func.func @constant_last_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<2.000000e+00> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.sub"(%[[A]], %arg0)
// CHECK-NEXT: return %[[B]]
func.func @constant_last_reject(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<2.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.sub"(%0, %arg0) : (tensor<f32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// not(x < y) -> x >= y for integers; floats may be NaN.
// CHECK-LABEL: func.func @not_of_comparison(
// CHECK-NEXT: %[[A:.*]] = "graph.greater_equal"(%arg0, %arg1)
// CHECK-NEXT: return %[[A]]
func.func @not_of_comparison(%arg0: tensor<2x3xi32>, %arg1: tensor<2x3xi32>) -> tensor<2x3xi1> {
  %0 = "graph.less"(%arg0, %arg1) : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xi1>
  %1 = "graph.not"(%0) : (tensor<2x3xi1>) -> tensor<2x3xi1>
  return %1 : tensor<2x3xi1>
}

// CHECK-LABEL: func.func @not_of_comparison_2(
// CHECK-NEXT: %[[A:.*]] = "graph.less"(%arg0, %arg1)
// CHECK-NEXT: return %[[A]]
func.func @not_of_comparison_2(%arg0: tensor<2x3xi32>, %arg1: tensor<2x3xi32>) -> tensor<2x3xi1> {
  %0 = "graph.greater_equal"(%arg0, %arg1) : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xi1>
  %1 = "graph.not"(%0) : (tensor<2x3xi1>) -> tensor<2x3xi1>
  return %1 : tensor<2x3xi1>
}

// Nothing is less or greater than NaN.
// CHECK-LABEL: func.func @not_of_comparison_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.less"(%arg0, %arg1)
// CHECK-NEXT: %[[B:.*]] = "graph.not"(%[[A]])
// CHECK-NEXT: return %[[B]]
func.func @not_of_comparison_reject(%arg0: tensor<2x3xf32>, %arg1: tensor<2x3xf32>) -> tensor<2x3xi1> {
  %0 = "graph.less"(%arg0, %arg1) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xi1>
  %1 = "graph.not"(%0) : (tensor<2x3xi1>) -> tensor<2x3xi1>
  return %1 : tensor<2x3xi1>
}

// The comparison is needed anyway.
// CHECK-LABEL: func.func @not_of_comparison_reject_2(
// CHECK-NEXT: %[[A:.*]] = "graph.less"(%arg0, %arg1)
// CHECK-NEXT: %[[B:.*]] = "graph.not"(%[[A]])
// CHECK-NEXT: return %[[B]], %[[A]]
func.func @not_of_comparison_reject_2(%arg0: tensor<2x3xi32>, %arg1: tensor<2x3xi32>) -> (tensor<2x3xi1>, tensor<2x3xi1>) {
  %0 = "graph.less"(%arg0, %arg1) : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xi1>
  %1 = "graph.not"(%0) : (tensor<2x3xi1>) -> tensor<2x3xi1>
  return %1, %0 : tensor<2x3xi1>, tensor<2x3xi1>
}

// not x and not y -> not (x or y); also or: one op less.
// CHECK-LABEL: func.func @negations_outward(
// CHECK-NEXT: %[[A:.*]] = "graph.or"(%arg0, %arg1)
// CHECK-NEXT: %[[B:.*]] = "graph.not"(%[[A]])
// CHECK-NEXT: return %[[B]]
func.func @negations_outward(%arg0: tensor<4xi1>, %arg1: tensor<4xi1>) -> tensor<4xi1> {
  %0 = "graph.not"(%arg0) : (tensor<4xi1>) -> tensor<4xi1>
  %1 = "graph.not"(%arg1) : (tensor<4xi1>) -> tensor<4xi1>
  %2 = "graph.and"(%0, %1) : (tensor<4xi1>, tensor<4xi1>) -> tensor<4xi1>
  return %2 : tensor<4xi1>
}

// CHECK-LABEL: func.func @negations_outward_2(
// CHECK-NEXT: %[[A:.*]] = "graph.and"(%arg0, %arg1)
// CHECK-NEXT: %[[B:.*]] = "graph.not"(%[[A]])
// CHECK-NEXT: return %[[B]]
func.func @negations_outward_2(%arg0: tensor<4xi1>, %arg1: tensor<4xi1>) -> tensor<4xi1> {
  %0 = "graph.not"(%arg0) : (tensor<4xi1>) -> tensor<4xi1>
  %1 = "graph.not"(%arg1) : (tensor<4xi1>) -> tensor<4xi1>
  %2 = "graph.or"(%0, %1) : (tensor<4xi1>, tensor<4xi1>) -> tensor<4xi1>
  return %2 : tensor<4xi1>
}

// CHECK-LABEL: func.func @negations_outward_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.not"(%arg0)
// CHECK-NEXT: %[[B:.*]] = "graph.and"(%[[A]], %arg1)
// CHECK-NEXT: return %[[B]]
func.func @negations_outward_reject(%arg0: tensor<4xi1>, %arg1: tensor<4xi1>) -> tensor<4xi1> {
  %0 = "graph.not"(%arg0) : (tensor<4xi1>) -> tensor<4xi1>
  %1 = "graph.and"(%0, %arg1) : (tensor<4xi1>, tensor<4xi1>) -> tensor<4xi1>
  return %1 : tensor<4xi1>
}

// x and not x -> false; x or not x -> true; x xor not x -> true.
// CHECK-LABEL: func.func @contradiction(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<false> : tensor<i1>}
// CHECK-NEXT: %[[B:.*]] = "graph.expand"(%[[A]]) {shape = array<i64: 4>}
// CHECK-NEXT: return %[[B]]
func.func @contradiction(%arg0: tensor<4xi1>, %arg1: tensor<4xi1>) -> tensor<4xi1> {
  %0 = "graph.not"(%arg0) : (tensor<4xi1>) -> tensor<4xi1>
  %1 = "graph.and"(%0, %arg0) : (tensor<4xi1>, tensor<4xi1>) -> tensor<4xi1>
  return %1 : tensor<4xi1>
}

// CHECK-LABEL: func.func @contradiction_2(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<true> : tensor<i1>}
// CHECK-NEXT: %[[B:.*]] = "graph.expand"(%[[A]]) {shape = array<i64: 4>}
// CHECK-NEXT: return %[[B]]
func.func @contradiction_2(%arg0: tensor<4xi1>, %arg1: tensor<4xi1>) -> tensor<4xi1> {
  %0 = "graph.not"(%arg0) : (tensor<4xi1>) -> tensor<4xi1>
  %1 = "graph.or"(%arg0, %0) : (tensor<4xi1>, tensor<4xi1>) -> tensor<4xi1>
  return %1 : tensor<4xi1>
}

// CHECK-LABEL: func.func @contradiction_3(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<true> : tensor<i1>}
// CHECK-NEXT: %[[B:.*]] = "graph.expand"(%[[A]]) {shape = array<i64: 4>}
// CHECK-NEXT: return %[[B]]
func.func @contradiction_3(%arg0: tensor<4xi1>, %arg1: tensor<4xi1>) -> tensor<4xi1> {
  %0 = "graph.not"(%arg0) : (tensor<4xi1>) -> tensor<4xi1>
  %1 = "graph.xor"(%arg0, %0) : (tensor<4xi1>, tensor<4xi1>) -> tensor<4xi1>
  return %1 : tensor<4xi1>
}

// CHECK-LABEL: func.func @contradiction_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.not"(%arg1)
// CHECK-NEXT: %[[B:.*]] = "graph.and"(%arg0, %[[A]])
// CHECK-NEXT: return %[[B]]
func.func @contradiction_reject(%arg0: tensor<4xi1>, %arg1: tensor<4xi1>) -> tensor<4xi1> {
  %0 = "graph.not"(%arg1) : (tensor<4xi1>) -> tensor<4xi1>
  %1 = "graph.and"(%arg0, %0) : (tensor<4xi1>, tensor<4xi1>) -> tensor<4xi1>
  return %1 : tensor<4xi1>
}

// x xor true -> not x.
// CHECK-LABEL: func.func @xor_true(
// CHECK-NEXT: %[[A:.*]] = "graph.not"(%arg0)
// CHECK-NEXT: return %[[A]]
func.func @xor_true(%arg0: tensor<4xi1>, %arg1: tensor<4xi1>) -> tensor<4xi1> {
  %0 = "graph.constant"() {value = dense<true> : tensor<i1>} : () -> tensor<i1>
  %1 = "graph.xor"(%arg0, %0) : (tensor<4xi1>, tensor<i1>) -> tensor<4xi1>
  return %1 : tensor<4xi1>
}

// CHECK-LABEL: func.func @xor_true_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<[true, true, true, false]> : tensor<4xi1>}
// CHECK-NEXT: %[[B:.*]] = "graph.xor"(%arg0, %[[A]])
// CHECK-NEXT: return %[[B]]
func.func @xor_true_reject(%arg0: tensor<4xi1>, %arg1: tensor<4xi1>) -> tensor<4xi1> {
  %0 = "graph.constant"() {value = dense<[true, true, true, false]> : tensor<4xi1>} : () -> tensor<4xi1>
  %1 = "graph.xor"(%arg0, %0) : (tensor<4xi1>, tensor<4xi1>) -> tensor<4xi1>
  return %1 : tensor<4xi1>
}

// x == true -> x; x == false -> not x.
// CHECK-LABEL: func.func @equal_to_bool(
// CHECK-NEXT: return %arg0
func.func @equal_to_bool(%arg0: tensor<4xi1>, %arg1: tensor<4xi1>) -> tensor<4xi1> {
  %0 = "graph.constant"() {value = dense<true> : tensor<i1>} : () -> tensor<i1>
  %1 = "graph.equal"(%arg0, %0) : (tensor<4xi1>, tensor<i1>) -> tensor<4xi1>
  return %1 : tensor<4xi1>
}

// CHECK-LABEL: func.func @equal_to_bool_2(
// CHECK-NEXT: %[[A:.*]] = "graph.not"(%arg0)
// CHECK-NEXT: return %[[A]]
func.func @equal_to_bool_2(%arg0: tensor<4xi1>, %arg1: tensor<4xi1>) -> tensor<4xi1> {
  %0 = "graph.constant"() {value = dense<false> : tensor<i1>} : () -> tensor<i1>
  %1 = "graph.equal"(%arg0, %0) : (tensor<4xi1>, tensor<i1>) -> tensor<4xi1>
  return %1 : tensor<4xi1>
}

// CHECK-LABEL: func.func @equal_to_bool_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<1> : tensor<i32>}
// CHECK-NEXT: %[[B:.*]] = "graph.equal"(%arg0, %[[A]])
// CHECK-NEXT: return %[[B]]
func.func @equal_to_bool_reject(%arg0: tensor<2x3xi32>) -> tensor<2x3xi1> {
  %0 = "graph.constant"() {value = dense<1> : tensor<i32>} : () -> tensor<i32>
  %1 = "graph.equal"(%arg0, %0) : (tensor<2x3xi32>, tensor<i32>) -> tensor<2x3xi1>
  return %1 : tensor<2x3xi1>
}

// where(c, true, false) -> c; where(c, false, true) -> not c.
// CHECK-LABEL: func.func @choice_of_bools(
// CHECK-NEXT: return %arg0
func.func @choice_of_bools(%arg0: tensor<4xi1>, %arg1: tensor<4xi1>) -> tensor<4xi1> {
  %0 = "graph.constant"() {value = dense<true> : tensor<i1>} : () -> tensor<i1>
  %1 = "graph.constant"() {value = dense<false> : tensor<i1>} : () -> tensor<i1>
  %2 = "graph.where"(%arg0, %0, %1) : (tensor<4xi1>, tensor<i1>, tensor<i1>) -> tensor<4xi1>
  return %2 : tensor<4xi1>
}

// CHECK-LABEL: func.func @choice_of_bools_2(
// CHECK-NEXT: %[[A:.*]] = "graph.not"(%arg0)
// CHECK-NEXT: return %[[A]]
func.func @choice_of_bools_2(%arg0: tensor<4xi1>, %arg1: tensor<4xi1>) -> tensor<4xi1> {
  %0 = "graph.constant"() {value = dense<false> : tensor<i1>} : () -> tensor<i1>
  %1 = "graph.constant"() {value = dense<true> : tensor<i1>} : () -> tensor<i1>
  %2 = "graph.where"(%arg0, %0, %1) : (tensor<4xi1>, tensor<i1>, tensor<i1>) -> tensor<4xi1>
  return %2 : tensor<4xi1>
}

// CHECK-LABEL: func.func @choice_of_bools_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<1> : tensor<i32>}
// CHECK-NEXT: %[[B:.*]] = "graph.constant"() {value = dense<0> : tensor<i32>}
// CHECK-NEXT: %[[C:.*]] = "graph.where"(%arg0, %[[A]], %[[B]])
// CHECK-NEXT: return %[[C]]
func.func @choice_of_bools_reject(%arg0: tensor<4xi1>, %arg1: tensor<4xi1>) -> tensor<4xi32> {
  %0 = "graph.constant"() {value = dense<1> : tensor<i32>} : () -> tensor<i32>
  %1 = "graph.constant"() {value = dense<0> : tensor<i32>} : () -> tensor<i32>
  %2 = "graph.where"(%arg0, %0, %1) : (tensor<4xi1>, tensor<i32>, tensor<i32>) -> tensor<4xi32>
  return %2 : tensor<4xi32>
}

// where(not c, x, y) -> where(c, y, x).
// CHECK-LABEL: func.func @choice_by_not(
// CHECK-NEXT: %[[A:.*]] = "graph.where"(%arg0, %arg2, %arg1)
// CHECK-NEXT: return %[[A]]
func.func @choice_by_not(%arg0: tensor<3xi1>, %arg1: tensor<2x3xf32>, %arg2: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.not"(%arg0) : (tensor<3xi1>) -> tensor<3xi1>
  %1 = "graph.where"(%0, %arg1, %arg2) : (tensor<3xi1>, tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @choice_by_not_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.where"(%arg0, %arg1, %arg2)
// CHECK-NEXT: return %[[A]]
func.func @choice_by_not_reject(%arg0: tensor<3xi1>, %arg1: tensor<2x3xf32>, %arg2: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.where"(%arg0, %arg1, %arg2) : (tensor<3xi1>, tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// where(c, where(c, x, y), z) -> where(c, x, z); also where(c, x, where(c, y, z)).
// CHECK-LABEL: func.func @choice_of_choice(
// CHECK-NEXT: %[[A:.*]] = "graph.where"(%arg0, %arg1, %arg3)
// CHECK-NEXT: return %[[A]]
func.func @choice_of_choice(%arg0: tensor<3xi1>, %arg1: tensor<2x3xf32>, %arg2: tensor<2x3xf32>, %arg3: tensor<3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.where"(%arg0, %arg1, %arg2) : (tensor<3xi1>, tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.where"(%arg0, %0, %arg3) : (tensor<3xi1>, tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @choice_of_choice_2(
// CHECK-NEXT: %[[A:.*]] = "graph.where"(%arg0, %arg1, %arg3)
// CHECK-NEXT: return %[[A]]
func.func @choice_of_choice_2(%arg0: tensor<3xi1>, %arg1: tensor<2x3xf32>, %arg2: tensor<2x3xf32>, %arg3: tensor<3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.where"(%arg0, %arg2, %arg3) : (tensor<3xi1>, tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  %1 = "graph.where"(%arg0, %arg1, %0) : (tensor<3xi1>, tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @choice_of_choice_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.where"(%arg1, %arg2, %arg3)
// CHECK-NEXT: %[[B:.*]] = "graph.where"(%arg0, %[[A]], %arg3)
// CHECK-NEXT: return %[[B]]
func.func @choice_of_choice_reject(%arg0: tensor<3xi1>, %arg1: tensor<3xi1>, %arg2: tensor<3xf32>, %arg3: tensor<3xf32>) -> tensor<3xf32> {
  %0 = "graph.where"(%arg1, %arg2, %arg3) : (tensor<3xi1>, tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
  %1 = "graph.where"(%arg0, %0, %arg3) : (tensor<3xi1>, tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
  return %1 : tensor<3xf32>
}

// where(x < y, y, x) -> max(x, y) for integers; also min: vector units have both.
// CHECK-LABEL: func.func @choice_of_the_compared(
// CHECK-NEXT: %[[A:.*]] = "graph.maximum"(%arg0, %arg1)
// CHECK-NEXT: return %[[A]]
func.func @choice_of_the_compared(%arg0: tensor<2x3xi32>, %arg1: tensor<2x3xi32>) -> tensor<2x3xi32> {
  %0 = "graph.less"(%arg0, %arg1) : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xi1>
  %1 = "graph.where"(%0, %arg1, %arg0) : (tensor<2x3xi1>, tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xi32>
  return %1 : tensor<2x3xi32>
}

// CHECK-LABEL: func.func @choice_of_the_compared_2(
// CHECK-NEXT: %[[A:.*]] = "graph.minimum"(%arg0, %arg1)
// CHECK-NEXT: return %[[A]]
func.func @choice_of_the_compared_2(%arg0: tensor<2x3xi32>, %arg1: tensor<2x3xi32>) -> tensor<2x3xi32> {
  %0 = "graph.less_equal"(%arg0, %arg1) : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xi1>
  %1 = "graph.where"(%0, %arg0, %arg1) : (tensor<2x3xi1>, tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xi32>
  return %1 : tensor<2x3xi32>
}

// CHECK-LABEL: func.func @choice_of_the_compared_3(
// CHECK-NEXT: %[[A:.*]] = "graph.maximum"(%arg0, %arg1)
// CHECK-NEXT: return %[[A]]
func.func @choice_of_the_compared_3(%arg0: tensor<2x3xi32>, %arg1: tensor<2x3xi32>) -> tensor<2x3xi32> {
  %0 = "graph.greater"(%arg0, %arg1) : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xi1>
  %1 = "graph.where"(%0, %arg0, %arg1) : (tensor<2x3xi1>, tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xi32>
  return %1 : tensor<2x3xi32>
}

// CHECK-LABEL: func.func @choice_of_the_compared_4(
// CHECK-NEXT: %[[A:.*]] = "graph.minimum"(%arg0, %arg1)
// CHECK-NEXT: return %[[A]]
func.func @choice_of_the_compared_4(%arg0: tensor<2x3xi32>, %arg1: tensor<2x3xi32>) -> tensor<2x3xi32> {
  %0 = "graph.greater_equal"(%arg0, %arg1) : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xi1>
  %1 = "graph.where"(%0, %arg1, %arg0) : (tensor<2x3xi1>, tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xi32>
  return %1 : tensor<2x3xi32>
}

// A NaN is taken or left.
// CHECK-LABEL: func.func @choice_of_the_compared_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.less"(%arg0, %arg1)
// CHECK-NEXT: %[[B:.*]] = "graph.where"(%[[A]], %arg1, %arg0)
// CHECK-NEXT: return %[[B]]
func.func @choice_of_the_compared_reject(%arg0: tensor<2x3xf32>, %arg1: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.less"(%arg0, %arg1) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xi1>
  %1 = "graph.where"(%0, %arg1, %arg0) : (tensor<2x3xi1>, tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}
