// RUN: aicc-opt %s --pass-pipeline='builtin.module(graph-to-linalg)' | filecheck %s

// To NHWC the result's own order is that of the loops: pixels, then channels.
// CHECK-DAG: #[[NHWC:.*]] = affine_map<(d0, d1, d2, d3) -> (d0, d3, d1, d2)>
// CHECK-DAG: #[[SAME:.*]] = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>
// To NCHW the channels come right before the columns: a row of all channels stays in cache.
// CHECK-DAG: #[[ROW:.*]] = affine_map<(d0, d1, d2, d3) -> (d0, d1, d3, d2)>
// CHECK-DAG: #[[NCHW:.*]] = affine_map<(d0, d1, d2, d3) -> (d0, d2, d1, d3)>

// CHECK-LABEL: @to_channels_last
// CHECK: linalg.generic {indexing_maps = [#[[NHWC]], #[[SAME]]]
func.func private @to_channels_last(%x: tensor<1x16x6x8xf32>, %out: tensor<1x6x8x16xf32> {bufferization.writable = true}) -> tensor<1x6x8x16xf32> {
  %0 = "graph.layout_cast"(%x) {source = "NCHW", target = "NHWC"} : (tensor<1x16x6x8xf32>) -> tensor<1x6x8x16xf32>
  return %0 : tensor<1x6x8x16xf32>
}

// CHECK-LABEL: @to_channels_first
// CHECK: linalg.generic {indexing_maps = [#[[ROW]], #[[NCHW]]]
func.func private @to_channels_first(%x: tensor<1x6x8x16xf32>, %out: tensor<1x16x6x8xf32> {bufferization.writable = true}) -> tensor<1x16x6x8xf32> {
  %0 = "graph.layout_cast"(%x) {source = "NHWC", target = "NCHW"} : (tensor<1x6x8x16xf32>) -> tensor<1x16x6x8xf32>
  return %0 : tensor<1x16x6x8xf32>
}

// Where the last dimension stays last, rows are copied.
// CHECK-LABEL: @rows
// CHECK: linalg.generic {indexing_maps = [#[[NCHW]], #[[SAME]]]
func.func private @rows(%x: tensor<1x6x8x16xf32>, %out: tensor<1x8x6x16xf32> {bufferization.writable = true}) -> tensor<1x8x6x16xf32> {
  %0 = "graph.transpose"(%x) {permutation = array<i64: 0, 2, 1, 3>} : (tensor<1x6x8x16xf32>) -> tensor<1x8x6x16xf32>
  return %0 : tensor<1x8x6x16xf32>
}
