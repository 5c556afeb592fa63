// RUN: aicc-opt --list-patterns | filecheck %s --check-prefix=LIST
// RUN: aicc-opt %s --simplify-algebra --mlir-pass-statistics -o - 2>&1 | filecheck %s
// RUN: aicc-opt %s --simplify-algebra=disable=multiply-by-one --mlir-pass-statistics 2>&1 | filecheck %s --check-prefix=DISABLED
// RUN: not aicc-opt %s --simplify-algebra=disable=no-such 2>&1 | filecheck %s --check-prefix=UNKNOWN

// LIST: Patterns by pass, in the order in which they are tried
// LIST: simplify-algebra:
// LIST-NEXT: add-zero                         exact          x + 0 -> x; of floats -0.0 only
// LIST: multiply-by-zero                 unsafe*        x * 0 -> 0; of floats NaN
// LIST: divide-by-constant               reassociating  x / c -> x * (1 / c) for floats.

// CHECK: ... Pass statistics report ...
// CHECK: simplify-algebra
// CHECK-NEXT: (S)      0 divide-by-constant (refused: {{[0-9]+}}x the result is rounded to an integer
// CHECK-NEXT: (S)      1 multiply-by-one

// DISABLED-NOT: multiply-by-one

// UNKNOWN: no pattern 'no-such' (known: absolute-of-negated,
func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {
  %one = "graph.constant"() {value = dense<1.0> : tensor<f32>} : () -> tensor<f32>
  %three = "graph.constant"() {value = dense<3.0> : tensor<f32>} : () -> tensor<f32>
  %0 = "graph.mul"(%x, %one) : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  %1 = "graph.div"(%0, %three) : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  %2 = "graph.round"(%1) : (tensor<4xf32>) -> tensor<4xf32>
  return %2 : tensor<4xf32>
}
