// RUN: aicc-opt %s --collapse-rows | filecheck %s
// RUN: aicc-opt %s --pass-pipeline='builtin.module(collapse-rows,collapse-rows)' | filecheck %s

#all = affine_map<(a, b, c, d) -> (a, b, c, d)>
#kept = affine_map<(a, b, c, d) -> (a, b)>
#last = affine_map<(a, b, c, d) -> (c, d)>
#turned = affine_map<(a, b, c, d) -> (a, b, d, c)>
#two = affine_map<(a, b) -> (a, b)>
#row = affine_map<(a, b, c, d) -> (a, b, c)>

module {
  // Both dimensions of the image are reduced: one row.
  // CHECK-LABEL: func.func private @sum
  // CHECK: %[[ROWS:.*]] = tensor.collapse_shape %arg0 {{\[}}[0], [1], [2, 3]] : tensor<8x64x28x28xf32> into tensor<8x64x784xf32>
  // CHECK: linalg.generic {{.*}} iterator_types = ["parallel", "parallel", "reduction"]} ins(%[[ROWS]] : tensor<8x64x784xf32>) outs(%arg1 : tensor<8x64xf32>)
  func.func private @sum(%x: tensor<8x64x28x28xf32>, %y: tensor<8x64xf32>) -> tensor<8x64xf32> attributes {aicc.kernel = "reduction"} {
    %0 = linalg.generic {indexing_maps = [#all, #kept], iterator_types = ["parallel", "parallel", "reduction", "reduction"]} ins(%x : tensor<8x64x28x28xf32>) outs(%y : tensor<8x64xf32>) {
    ^bb0(%a: f32, %b: f32):
      %s = arith.addf %b, %a : f32
      linalg.yield %s : f32
    } -> tensor<8x64xf32>
    return %0 : tensor<8x64xf32>
  }

  // Of the last operation, what follows the rows of the sum is joined: an operand along the rows and
  // one that they share. The result keeps its shape.
  // CHECK-LABEL: func.func private @scale
  // CHECK: linalg.generic {{.*}} iterator_types = ["parallel", "parallel"]}
  // CHECK-DAG: %[[X:.*]] = tensor.collapse_shape %arg0 {{.*}} into tensor<8x64x784xf32>
  // CHECK-DAG: %[[S:.*]] = tensor.collapse_shape %arg2 {{\[}}[0, 1]] : tensor<28x28xf32> into tensor<784xf32>
  // CHECK: %[[Y:.*]] = linalg.generic {{.*}} iterator_types = ["parallel", "parallel", "parallel"]}
  // CHECK: tensor.expand_shape %[[Y]] {{\[}}[0], [1], [2, 3]] {{.*}} into tensor<8x64x28x28xf32>
  func.func private @scale(%x: tensor<8x64x28x28xf32>, %r: tensor<8x64xf32>, %s: tensor<28x28xf32>) -> tensor<8x64x28x28xf32> attributes {aicc.kernel = "rows"} {
    %sum = linalg.generic {indexing_maps = [#all, #kept], iterator_types = ["parallel", "parallel", "reduction", "reduction"]} ins(%x : tensor<8x64x28x28xf32>) outs(%r : tensor<8x64xf32>) {
    ^bb0(%a: f32, %b: f32):
      %t = arith.addf %b, %a : f32
      linalg.yield %t : f32
    } -> tensor<8x64xf32>
    %n = tensor.empty() : tensor<8x64xf32>
    %half = linalg.generic {indexing_maps = [#two, #two], iterator_types = ["parallel", "parallel"]} ins(%sum : tensor<8x64xf32>) outs(%n : tensor<8x64xf32>) {
    ^bb0(%a: f32, %b: f32):
      %t = arith.mulf %a, %a : f32
      linalg.yield %t : f32
    } -> tensor<8x64xf32>
    %e = tensor.empty() : tensor<8x64x28x28xf32>
    %0 = linalg.generic {indexing_maps = [#all, #kept, #last, #all], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%x, %half, %s : tensor<8x64x28x28xf32>, tensor<8x64xf32>, tensor<28x28xf32>) outs(%e : tensor<8x64x28x28xf32>) {
    ^bb0(%a: f32, %b: f32, %c: f32, %d: f32):
      %t = arith.mulf %a, %b : f32
      %u = arith.mulf %t, %c : f32
      linalg.yield %u : f32
    } -> tensor<8x64x28x28xf32>
    return %0 : tensor<8x64x28x28xf32>
  }

  // One reduced dimension is a row already.
  // CHECK-LABEL: func.func private @softmax
  // CHECK-NOT: collapse_shape
  func.func private @softmax(%x: tensor<1x12x128x128xf32>, %y: tensor<1x12x128xf32>) -> tensor<1x12x128xf32> attributes {aicc.kernel = "rows"} {
    %0 = linalg.generic {indexing_maps = [#all, #row], iterator_types = ["parallel", "parallel", "parallel", "reduction"]} ins(%x : tensor<1x12x128x128xf32>) outs(%y : tensor<1x12x128xf32>) {
    ^bb0(%a: f32, %b: f32):
      %s = arith.maximumf %b, %a : f32
      linalg.yield %s : f32
    } -> tensor<1x12x128xf32>
    return %0 : tensor<1x12x128xf32>
  }

  // Not in the order of memory.
  // CHECK-LABEL: func.func private @turned
  // CHECK-NOT: collapse_shape
  func.func private @turned(%x: tensor<8x64x28x28xf32>, %y: tensor<8x64xf32>) -> tensor<8x64xf32> attributes {aicc.kernel = "reduction"} {
    %0 = linalg.generic {indexing_maps = [#turned, #kept], iterator_types = ["parallel", "parallel", "reduction", "reduction"]} ins(%x : tensor<8x64x28x28xf32>) outs(%y : tensor<8x64xf32>) {
    ^bb0(%a: f32, %b: f32):
      %s = arith.addf %b, %a : f32
      linalg.yield %s : f32
    } -> tensor<8x64xf32>
    return %0 : tensor<8x64xf32>
  }

  // Of another class.
  // CHECK-LABEL: func.func private @window
  // CHECK-NOT: collapse_shape
  func.func private @window(%x: tensor<8x64x28x28xf32>, %y: tensor<8x64xf32>) -> tensor<8x64xf32> attributes {aicc.kernel = "pooling"} {
    %0 = linalg.generic {indexing_maps = [#all, #kept], iterator_types = ["parallel", "parallel", "reduction", "reduction"]} ins(%x : tensor<8x64x28x28xf32>) outs(%y : tensor<8x64xf32>) {
    ^bb0(%a: f32, %b: f32):
      %s = arith.addf %b, %a : f32
      linalg.yield %s : f32
    } -> tensor<8x64xf32>
    return %0 : tensor<8x64xf32>
  }
}
