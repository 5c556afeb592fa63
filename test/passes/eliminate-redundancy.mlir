// RUN: aicc-opt %s --eliminate-redundancy | filecheck %s
// RUN: aicc-opt %s --eliminate-redundancy > %t.once
// RUN: aicc-opt %t.once --eliminate-redundancy > %t.twice
// RUN: diff %t.once %t.twice

// Identities.
// CHECK-LABEL: func.func @same_shape_reshape(
// CHECK-NEXT: %[[A:.*]] = "graph.abs"(%arg0)
// CHECK-NEXT: return %[[A]]
func.func @same_shape_reshape(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.reshape"(%x) {shape = array<i64: 2, 3>} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.abs"(%0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @same_shape_expand(
// CHECK-NEXT: %[[A:.*]] = "graph.abs"(%arg0)
// CHECK-NEXT: return %[[A]]
func.func @same_shape_expand(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.expand"(%x) {shape = array<i64: 2, 3>} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.abs"(%0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @other_shape(
// CHECK-NEXT: %[[A:.*]] = "graph.expand"(%arg0) {shape = array<i64: 2, 2, 3>}
// CHECK-NEXT: return %[[A]]
func.func @other_shape(%x: tensor<2x3xf32>) -> tensor<2x2x3xf32> {
  %0 = "graph.expand"(%x) {shape = array<i64: 2, 2, 3>} : (tensor<2x3xf32>) -> tensor<2x2x3xf32>
  return %0 : tensor<2x2x3xf32>
}

// Pairs.
// CHECK-LABEL: func.func @reshape_of_reshape(
// CHECK-NEXT: %[[A:.*]] = "graph.reshape"(%arg0) {shape = array<i64: 3, 2>}
// CHECK-NEXT: return %[[A]]
func.func @reshape_of_reshape(%x: tensor<2x3xf32>) -> tensor<3x2xf32> {
  %0 = "graph.reshape"(%x) {shape = array<i64: 6>} : (tensor<2x3xf32>) -> tensor<6xf32>
  %1 = "graph.reshape"(%0) {shape = array<i64: 3, 2>} : (tensor<6xf32>) -> tensor<3x2xf32>
  return %1 : tensor<3x2xf32>
}

// CHECK-LABEL: func.func @squeeze_and_unsqueeze(
// CHECK-NEXT: %[[A:.*]] = "graph.abs"(%arg0)
// CHECK-NEXT: return %[[A]]
func.func @squeeze_and_unsqueeze(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.reshape"(%x) {shape = array<i64: 2, 1, 3>} : (tensor<2x3xf32>) -> tensor<2x1x3xf32>
  %1 = "graph.reshape"(%0) {shape = array<i64: 2, 3>} : (tensor<2x1x3xf32>) -> tensor<2x3xf32>
  %2 = "graph.abs"(%1) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %2 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @reshape_alone(
// CHECK-NEXT: %[[A:.*]] = "graph.reshape"(%arg0) {shape = array<i64: 3, 2>}
// CHECK-NEXT: return %[[A]]
func.func @reshape_alone(%x: tensor<2x3xf32>) -> tensor<3x2xf32> {
  %0 = "graph.reshape"(%x) {shape = array<i64: 3, 2>} : (tensor<2x3xf32>) -> tensor<3x2xf32>
  return %0 : tensor<3x2xf32>
}

// CHECK-LABEL: func.func @identity_transpose(
// CHECK-NEXT: %[[A:.*]] = "graph.abs"(%arg0)
// CHECK-NEXT: return %[[A]]
func.func @identity_transpose(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.transpose"(%x) {permutation = array<i64: 0, 1>} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.abs"(%0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @transpose_alone(
// CHECK-NEXT: %[[A:.*]] = "graph.transpose"(%arg0) {permutation = array<i64: 1, 0>}
// CHECK-NEXT: return %[[A]]
func.func @transpose_alone(%x: tensor<2x3xf32>) -> tensor<3x2xf32> {
  %0 = "graph.transpose"(%x) {permutation = array<i64: 1, 0>} : (tensor<2x3xf32>) -> tensor<3x2xf32>
  return %0 : tensor<3x2xf32>
}

// CHECK-LABEL: func.func @transpose_of_transpose(
// CHECK-NEXT: %[[A:.*]] = "graph.transpose"(%arg0) {permutation = array<i64: 1, 0, 2>}
// CHECK-NEXT: return %[[A]]
func.func @transpose_of_transpose(%x: tensor<2x3x4xf32>) -> tensor<3x2x4xf32> {
  %0 = "graph.transpose"(%x) {permutation = array<i64: 1, 2, 0>} : (tensor<2x3x4xf32>) -> tensor<3x4x2xf32>
  %1 = "graph.transpose"(%0) {permutation = array<i64: 0, 2, 1>} : (tensor<3x4x2xf32>) -> tensor<3x2x4xf32>
  return %1 : tensor<3x2x4xf32>
}

// CHECK-LABEL: func.func @transpose_there_and_back(
// CHECK-NEXT: %[[A:.*]] = "graph.abs"(%arg0)
// CHECK-NEXT: return %[[A]]
func.func @transpose_there_and_back(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.transpose"(%x) {permutation = array<i64: 1, 0>} : (tensor<2x3xf32>) -> tensor<3x2xf32>
  %1 = "graph.transpose"(%0) {permutation = array<i64: 1, 0>} : (tensor<3x2xf32>) -> tensor<2x3xf32>
  %2 = "graph.abs"(%1) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %2 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @transpose_of_ones(
// CHECK-NEXT: %[[A:.*]] = "graph.reshape"(%arg0) {shape = array<i64: 3, 1, 4>}
// CHECK-NEXT: return %[[A]]
func.func @transpose_of_ones(%x: tensor<1x3x4xf32>) -> tensor<3x1x4xf32> {
  %0 = "graph.transpose"(%x) {permutation = array<i64: 1, 0, 2>} : (tensor<1x3x4xf32>) -> tensor<3x1x4xf32>
  return %0 : tensor<3x1x4xf32>
}

// CHECK-LABEL: func.func @layout_casts(
// CHECK-NEXT: %[[A:.*]] = "graph.abs"(%arg0)
// CHECK-NEXT: return %[[A]]
func.func @layout_casts(%x: tensor<1x4x6x8xf32>) -> tensor<1x4x6x8xf32> {
  %0 = "graph.layout_cast"(%x) {source = "NCHW", target = "NHWC"} : (tensor<1x4x6x8xf32>) -> tensor<1x6x8x4xf32>
  %1 = "graph.layout_cast"(%0) {source = "NHWC", target = "NCHW"} : (tensor<1x6x8x4xf32>) -> tensor<1x4x6x8xf32>
  %2 = "graph.abs"(%1) : (tensor<1x4x6x8xf32>) -> tensor<1x4x6x8xf32>
  return %2 : tensor<1x4x6x8xf32>
}

// CHECK-LABEL: func.func @layout_cast_alone(
// CHECK-NEXT: %[[A:.*]] = "graph.layout_cast"(%arg0) {source = "NCHW", target = "NHWC"}
// CHECK-NEXT: return %[[A]]
func.func @layout_cast_alone(%x: tensor<1x4x6x8xf32>) -> tensor<1x6x8x4xf32> {
  %0 = "graph.layout_cast"(%x) {source = "NCHW", target = "NHWC"} : (tensor<1x4x6x8xf32>) -> tensor<1x6x8x4xf32>
  return %0 : tensor<1x6x8x4xf32>
}

// CHECK-LABEL: func.func @layout_cast_of_pixels(
// CHECK-NEXT: %[[A:.*]] = "graph.reshape"(%arg0) {shape = array<i64: 1, 1, 1, 4>}
// CHECK-NEXT: return %[[A]]
func.func @layout_cast_of_pixels(%x: tensor<1x4x1x1xf32>) -> tensor<1x1x1x4xf32> {
  %0 = "graph.layout_cast"(%x) {source = "NCHW", target = "NHWC"} : (tensor<1x4x1x1xf32>) -> tensor<1x1x1x4xf32>
  return %0 : tensor<1x1x1x4xf32>
}

// CHECK-LABEL: func.func @expand_of_expand(
// CHECK-NEXT: %[[A:.*]] = "graph.expand"(%arg0) {shape = array<i64: 4, 2, 3>}
// CHECK-NEXT: return %[[A]]
func.func @expand_of_expand(%x: tensor<1x3xf32>) -> tensor<4x2x3xf32> {
  %0 = "graph.expand"(%x) {shape = array<i64: 2, 3>} : (tensor<1x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.expand"(%0) {shape = array<i64: 4, 2, 3>} : (tensor<2x3xf32>) -> tensor<4x2x3xf32>
  return %1 : tensor<4x2x3xf32>
}

// CHECK-LABEL: func.func @full_slice(
// CHECK-NEXT: %[[A:.*]] = "graph.abs"(%arg0)
// CHECK-NEXT: return %[[A]]
func.func @full_slice(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.slice"(%x) {sizes = array<i64: 2, 3>, starts = array<i64: 0, 0>, steps = array<i64: 1, 1>} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.abs"(%0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// A reversal has the shape, too.
// CHECK-LABEL: func.func @reversal(
// CHECK-NEXT: %[[A:.*]] = "graph.slice"(%arg0) {sizes = array<i64: 2, 3>, starts = array<i64: 1, 0>, steps = array<i64: -1, 1>}
// CHECK-NEXT: return %[[A]]
func.func @reversal(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.slice"(%x) {sizes = array<i64: 2, 3>, starts = array<i64: 1, 0>, steps = array<i64: -1, 1>} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @slice_of_slice(
// CHECK-NEXT: %[[A:.*]] = "graph.slice"(%arg0) {sizes = array<i64: 3>, starts = array<i64: 16>, steps = array<i64: -6>}
// CHECK-NEXT: return %[[A]]
func.func @slice_of_slice(%x: tensor<20xf32>) -> tensor<3xf32> {
  %0 = "graph.slice"(%x) {sizes = array<i64: 8>, starts = array<i64: 2>, steps = array<i64: 2>} : (tensor<20xf32>) -> tensor<8xf32>
  %1 = "graph.slice"(%0) {sizes = array<i64: 3>, starts = array<i64: 7>, steps = array<i64: -3>} : (tensor<8xf32>) -> tensor<3xf32>
  return %1 : tensor<3xf32>
}

// Chains: transposes with views in between are one transpose, or none.
// CHECK-LABEL: func.func @chain_of_nothing(
// CHECK-NEXT: return %arg0
func.func @chain_of_nothing(%x: tensor<2x3x4xf32>) -> tensor<2x3x4xf32> {
  %0 = "graph.reshape"(%x) {shape = array<i64: 2, 12>} : (tensor<2x3x4xf32>) -> tensor<2x12xf32>
  %1 = "graph.transpose"(%0) {permutation = array<i64: 1, 0>} : (tensor<2x12xf32>) -> tensor<12x2xf32>
  %2 = "graph.reshape"(%1) {shape = array<i64: 3, 4, 2>} : (tensor<12x2xf32>) -> tensor<3x4x2xf32>
  %3 = "graph.transpose"(%2) {permutation = array<i64: 2, 0, 1>} : (tensor<3x4x2xf32>) -> tensor<2x3x4xf32>
  return %3 : tensor<2x3x4xf32>
}

// CHECK-LABEL: func.func @chain_that_cancels(
// CHECK-NEXT: %[[A:.*]] = "graph.reshape"(%arg0) {shape = array<i64: 1, 4, 48>}
// CHECK-NEXT: return %[[A]]
func.func @chain_that_cancels(%x: tensor<1x4x6x8xf32>) -> tensor<1x4x48xf32> {
  %0 = "graph.transpose"(%x) {permutation = array<i64: 0, 2, 3, 1>} : (tensor<1x4x6x8xf32>) -> tensor<1x6x8x4xf32>
  %1 = "graph.reshape"(%0) {shape = array<i64: 1, 48, 4>} : (tensor<1x6x8x4xf32>) -> tensor<1x48x4xf32>
  %2 = "graph.transpose"(%1) {permutation = array<i64: 0, 2, 1>} : (tensor<1x48x4xf32>) -> tensor<1x4x48xf32>
  return %2 : tensor<1x4x48xf32>
}

// CHECK-LABEL: func.func @chain_of_one_transpose(
// CHECK-NEXT: %[[A:.*]] = "graph.reshape"(%arg0) {shape = array<i64: 24, 8>}
// CHECK-NEXT: %[[B:.*]] = "graph.transpose"(%[[A]]) {permutation = array<i64: 1, 0>}
// CHECK-NEXT: %[[C:.*]] = "graph.reshape"(%[[B]]) {shape = array<i64: 1, 32, 6>}
// CHECK-NEXT: return %[[C]]
func.func @chain_of_one_transpose(%x: tensor<1x4x6x8xf32>) -> tensor<1x32x6xf32> {
  %0 = "graph.transpose"(%x) {permutation = array<i64: 0, 2, 3, 1>} : (tensor<1x4x6x8xf32>) -> tensor<1x6x8x4xf32>
  %1 = "graph.reshape"(%0) {shape = array<i64: 1, 6, 32>} : (tensor<1x6x8x4xf32>) -> tensor<1x6x32xf32>
  %2 = "graph.transpose"(%1) {permutation = array<i64: 0, 2, 1>} : (tensor<1x6x32xf32>) -> tensor<1x32x6xf32>
  return %2 : tensor<1x32x6xf32>
}

// CHECK-LABEL: func.func @cast_and_transpose(
// CHECK-NEXT: %[[A:.*]] = "graph.transpose"(%arg0) {permutation = array<i64: 0, 1, 3, 2>}
// CHECK-NEXT: return %[[A]]
func.func @cast_and_transpose(%x: tensor<1x4x6x8xf32>) -> tensor<1x4x8x6xf32> {
  %0 = "graph.layout_cast"(%x) {source = "NCHW", target = "NHWC"} : (tensor<1x4x6x8xf32>) -> tensor<1x6x8x4xf32>
  %1 = "graph.transpose"(%0) {permutation = array<i64: 0, 3, 2, 1>} : (tensor<1x6x8x4xf32>) -> tensor<1x4x8x6xf32>
  return %1 : tensor<1x4x8x6xf32>
}

// One transpose between views stays as it is.
// CHECK-LABEL: func.func @chain_that_keeps_one(
// CHECK-NEXT: %[[A:.*]] = "graph.reshape"(%arg0) {shape = array<i64: 1, 2, 2, 6, 8>}
// CHECK-NEXT: %[[B:.*]] = "graph.transpose"(%[[A]]) {permutation = array<i64: 0, 2, 1, 3, 4>}
// CHECK-NEXT: %[[C:.*]] = "graph.reshape"(%[[B]]) {shape = array<i64: 1, 4, 6, 8>}
// CHECK-NEXT: return %[[C]]
func.func @chain_that_keeps_one(%x: tensor<1x4x6x8xf32>) -> tensor<1x4x6x8xf32> {
  %0 = "graph.reshape"(%x) {shape = array<i64: 1, 2, 2, 6, 8>} : (tensor<1x4x6x8xf32>) -> tensor<1x2x2x6x8xf32>
  %1 = "graph.transpose"(%0) {permutation = array<i64: 0, 2, 1, 3, 4>} : (tensor<1x2x2x6x8xf32>) -> tensor<1x2x2x6x8xf32>
  %2 = "graph.reshape"(%1) {shape = array<i64: 1, 4, 6, 8>} : (tensor<1x2x2x6x8xf32>) -> tensor<1x4x6x8xf32>
  return %2 : tensor<1x4x6x8xf32>
}

// The views cut across the dimensions.
// CHECK-LABEL: func.func @chain_not_factored(
// CHECK-NEXT: %[[A:.*]] = "graph.transpose"(%arg0) {permutation = array<i64: 1, 0>}
// CHECK-NEXT: %[[B:.*]] = "graph.reshape"(%[[A]]) {shape = array<i64: 2, 3>}
// CHECK-NEXT: %[[C:.*]] = "graph.transpose"(%[[B]]) {permutation = array<i64: 1, 0>}
// CHECK-NEXT: return %[[C]]
func.func @chain_not_factored(%x: tensor<2x3xf32>) -> tensor<3x2xf32> {
  %0 = "graph.transpose"(%x) {permutation = array<i64: 1, 0>} : (tensor<2x3xf32>) -> tensor<3x2xf32>
  %1 = "graph.reshape"(%0) {shape = array<i64: 2, 3>} : (tensor<3x2xf32>) -> tensor<2x3xf32>
  %2 = "graph.transpose"(%1) {permutation = array<i64: 1, 0>} : (tensor<2x3xf32>) -> tensor<3x2xf32>
  return %2 : tensor<3x2xf32>
}

// Half of the shuffled channels: every second one.
// CHECK-LABEL: func.func @channel_shuffle_and_split(
// CHECK-NEXT: %[[A:.*]] = "graph.slice"(%arg0) {sizes = array<i64: 1, 2, 6, 8>, starts = array<i64: 0, 1, 0, 0>, steps = array<i64: 1, 2, 1, 1>}
// CHECK-NEXT: return %[[A]]
func.func @channel_shuffle_and_split(%x: tensor<1x4x6x8xf32>) -> tensor<1x2x6x8xf32> {
  %0 = "graph.reshape"(%x) {shape = array<i64: 1, 2, 2, 48>} : (tensor<1x4x6x8xf32>) -> tensor<1x2x2x48xf32>
  %1 = "graph.transpose"(%0) {permutation = array<i64: 0, 2, 1, 3>} : (tensor<1x2x2x48xf32>) -> tensor<1x2x2x48xf32>
  %2 = "graph.slice"(%1) {sizes = array<i64: 1, 1, 2, 48>, starts = array<i64: 0, 1, 0, 0>, steps = array<i64: 1, 1, 1, 1>} : (tensor<1x2x2x48xf32>) -> tensor<1x1x2x48xf32>
  %3 = "graph.reshape"(%2) {shape = array<i64: 1, 2, 6, 8>} : (tensor<1x1x2x48xf32>) -> tensor<1x2x6x8xf32>
  return %3 : tensor<1x2x6x8xf32>
}

// CHECK-LABEL: func.func @slice_across_transposes(
// CHECK-NEXT: %[[A:.*]] = "graph.slice"(%arg0) {sizes = array<i64: 1, 4, 3, 8>, starts = array<i64: 0, 0, 1, 0>, steps = array<i64: 1, 1, 1, 1>}
// CHECK-NEXT: return %[[A]]
func.func @slice_across_transposes(%x: tensor<1x4x6x8xf32>) -> tensor<1x4x3x8xf32> {
  %0 = "graph.transpose"(%x) {permutation = array<i64: 0, 2, 3, 1>} : (tensor<1x4x6x8xf32>) -> tensor<1x6x8x4xf32>
  %1 = "graph.slice"(%0) {sizes = array<i64: 1, 3, 8, 4>, starts = array<i64: 0, 1, 0, 0>, steps = array<i64: 1, 1, 1, 1>} : (tensor<1x6x8x4xf32>) -> tensor<1x3x8x4xf32>
  %2 = "graph.transpose"(%1) {permutation = array<i64: 0, 3, 1, 2>} : (tensor<1x3x8x4xf32>) -> tensor<1x4x3x8xf32>
  return %2 : tensor<1x4x3x8xf32>
}

// The transposed value is needed anyhow.
// CHECK-LABEL: func.func @slice_of_read_transpose(
// CHECK-NEXT: %[[A:.*]] = "graph.transpose"(%arg0) {permutation = array<i64: 1, 0>}
// CHECK-NEXT: %[[B:.*]] = "graph.slice"(%[[A]]) {sizes = array<i64: 2, 2>, starts = array<i64: 1, 0>, steps = array<i64: 1, 1>}
// CHECK-NEXT: return %[[A]], %[[B]]
func.func @slice_of_read_transpose(%x: tensor<2x3xf32>) -> (tensor<3x2xf32>, tensor<2x2xf32>) {
  %0 = "graph.transpose"(%x) {permutation = array<i64: 1, 0>} : (tensor<2x3xf32>) -> tensor<3x2xf32>
  %1 = "graph.slice"(%0) {sizes = array<i64: 2, 2>, starts = array<i64: 1, 0>, steps = array<i64: 1, 1>} : (tensor<3x2xf32>) -> tensor<2x2xf32>
  return %0, %1 : tensor<3x2xf32>, tensor<2x2xf32>
}

// Nearest-neighbour enlargement needs no cast.
// CHECK-LABEL: func.func @enlarge_between_casts(
// CHECK-NEXT: %[[A:.*]] = "graph.reshape"(%arg0) {shape = array<i64: 4, 1, 6, 1, 8>}
// CHECK-NEXT: %[[B:.*]] = "graph.expand"(%[[A]]) {shape = array<i64: 4, 2, 6, 2, 8>}
// CHECK-NEXT: %[[C:.*]] = "graph.reshape"(%[[B]]) {shape = array<i64: 1, 8, 12, 8>}
// CHECK-NEXT: return %[[C]]
func.func @enlarge_between_casts(%x: tensor<1x4x6x8xf32>) -> tensor<1x8x12x8xf32> {
  %0 = "graph.layout_cast"(%x) {source = "NHWC", target = "NCHW"} : (tensor<1x4x6x8xf32>) -> tensor<1x8x4x6xf32>
  %1 = "graph.reshape"(%0) {shape = array<i64: 1, 8, 4, 1, 6, 1>} : (tensor<1x8x4x6xf32>) -> tensor<1x8x4x1x6x1xf32>
  %2 = "graph.expand"(%1) {shape = array<i64: 1, 8, 4, 2, 6, 2>} : (tensor<1x8x4x1x6x1xf32>) -> tensor<1x8x4x2x6x2xf32>
  %3 = "graph.reshape"(%2) {shape = array<i64: 1, 8, 8, 12>} : (tensor<1x8x4x2x6x2xf32>) -> tensor<1x8x8x12xf32>
  %4 = "graph.layout_cast"(%3) {source = "NCHW", target = "NHWC"} : (tensor<1x8x8x12xf32>) -> tensor<1x8x12x8xf32>
  return %4 : tensor<1x8x12x8xf32>
}

// CHECK-LABEL: func.func @slice_of_repeats(
// CHECK-NEXT: %[[A:.*]] = "graph.expand"(%arg0) {shape = array<i64: 3, 3>}
// CHECK-NEXT: return %[[A]]
func.func @slice_of_repeats(%x: tensor<1x3xf32>) -> tensor<3x3xf32> {
  %0 = "graph.expand"(%x) {shape = array<i64: 5, 3>} : (tensor<1x3xf32>) -> tensor<5x3xf32>
  %1 = "graph.slice"(%0) {sizes = array<i64: 3, 3>, starts = array<i64: 1, 0>, steps = array<i64: 1, 1>} : (tensor<5x3xf32>) -> tensor<3x3xf32>
  return %1 : tensor<3x3xf32>
}

// CHECK-LABEL: func.func @empty_chain(
// CHECK-NEXT: %[[A:.*]] = "graph.transpose"(%arg0) {permutation = array<i64: 2, 1, 0>}
// CHECK-NEXT: return %[[A]]
func.func @empty_chain(%x: tensor<0x3x4xf32>) -> tensor<4x3x0xf32> {
  %0 = "graph.transpose"(%x) {permutation = array<i64: 1, 2, 0>} : (tensor<0x3x4xf32>) -> tensor<3x4x0xf32>
  %1 = "graph.transpose"(%0) {permutation = array<i64: 1, 0, 2>} : (tensor<3x4x0xf32>) -> tensor<4x3x0xf32>
  return %1 : tensor<4x3x0xf32>
}
