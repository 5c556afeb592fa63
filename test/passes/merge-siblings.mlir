// RUN: aicc-opt %s --merge-siblings | filecheck %s
// RUN: aicc-opt %s --merge-siblings=disable=siblings | filecheck %s --check-prefix=OFF
// RUN: aicc-opt %s --merge-siblings > %t.once
// RUN: aicc-opt %t.once --merge-siblings > %t.twice
// RUN: diff %t.once %t.twice

// Two times 8 filters waste half a vector (or the cycles of short chains) each. What both results
// go through comes before the slices.
// CHECK-LABEL: func.func @few_filters
// CHECK-NEXT: %[[B:.*]] = "graph.concat"(%arg2, %arg4) {axis = 0 : i64
// CHECK-NEXT: %[[W:.*]] = "graph.concat"(%arg1, %arg3) {axis = 0 : i64
// CHECK-NEXT: %[[Y:.*]] = "graph.conv"(%arg0, %[[W]], %[[B]])
// CHECK-NEXT: %[[R:.*]] = "graph.relu"(%[[Y]]) : (tensor<1x16x30x40xf32>)
// CHECK-NEXT: %[[Q:.*]] = "graph.slice"(%[[R]]) {sizes = array<i64: 1, 8, 30, 40>, starts = array<i64: 0, 8, 0, 0>
// CHECK-NEXT: %[[P:.*]] = "graph.slice"(%[[R]]) {sizes = array<i64: 1, 8, 30, 40>, starts = array<i64: 0, 0, 0, 0>
// CHECK-NEXT: return %[[P]], %[[Q]]
// OFF-LABEL: func.func @few_filters
// OFF-NEXT: "graph.conv"(%arg0, %arg1, %arg2)
// OFF-NEXT: "graph.conv"(%arg0, %arg3, %arg4)
func.func @few_filters(%x: tensor<1x64x30x40xf32>, %v: tensor<8x64x1x1xf32> {aicc.weight = "v"}, %a: tensor<8xf32> {aicc.weight = "a"}, %w: tensor<8x64x1x1xf32> {aicc.weight = "w"}, %b: tensor<8xf32> {aicc.weight = "b"}) -> (tensor<1x8x30x40xf32>, tensor<1x8x30x40xf32>) {
  %0 = "graph.conv"(%x, %v, %a) {dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 1>} : (tensor<1x64x30x40xf32>, tensor<8x64x1x1xf32>, tensor<8xf32>) -> tensor<1x8x30x40xf32>
  %1 = "graph.conv"(%x, %w, %b) {dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 1>} : (tensor<1x64x30x40xf32>, tensor<8x64x1x1xf32>, tensor<8xf32>) -> tensor<1x8x30x40xf32>
  %2 = "graph.relu"(%0) : (tensor<1x8x30x40xf32>) -> tensor<1x8x30x40xf32>
  %3 = "graph.relu"(%1) : (tensor<1x8x30x40xf32>) -> tensor<1x8x30x40xf32>
  return %2, %3 : tensor<1x8x30x40xf32>, tensor<1x8x30x40xf32>
}

// The third one fills its vectors: its slice would be a copy for nothing. The second one's weights
// are computed here, after the first one.
// CHECK-LABEL: func.func @the_smallest
// CHECK-NEXT: %[[N:.*]] = "graph.neg"(%arg2)
// CHECK-NEXT: %[[W:.*]] = "graph.concat"(%arg1, %[[N]])
// CHECK-NEXT: "graph.conv"(%arg0, %[[W]])
// CHECK: "graph.conv"(%arg0, %arg3)
// CHECK: return
func.func @the_smallest(%x: tensor<1x64x30x40xf32>, %u: tensor<8x64x1x1xf32> {aicc.weight = "u"}, %v: tensor<8x64x1x1xf32> {aicc.weight = "v"}, %w: tensor<64x64x1x1xf32> {aicc.weight = "w"}) -> (tensor<1x8x30x40xf32>, tensor<1x8x30x40xf32>, tensor<1x64x30x40xf32>) {
  %0 = "graph.conv"(%x, %u) {dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x64x30x40xf32>, tensor<8x64x1x1xf32>) -> tensor<1x8x30x40xf32>
  %n = "graph.neg"(%v) : (tensor<8x64x1x1xf32>) -> tensor<8x64x1x1xf32>
  %1 = "graph.conv"(%x, %n) {dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x64x30x40xf32>, tensor<8x64x1x1xf32>) -> tensor<1x8x30x40xf32>
  %2 = "graph.conv"(%x, %w) {dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x64x30x40xf32>, tensor<64x64x1x1xf32>) -> tensor<1x64x30x40xf32>
  return %0, %1, %2 : tensor<1x8x30x40xf32>, tensor<1x8x30x40xf32>, tensor<1x64x30x40xf32>
}

// Other strides: other positions.
// CHECK-LABEL: func.func @other_strides
// CHECK-NOT: graph.concat
// CHECK: return
func.func @other_strides(%x: tensor<1x64x30x40xf32>, %v: tensor<8x64x1x1xf32> {aicc.weight = "v"}, %w: tensor<8x64x1x1xf32> {aicc.weight = "w"}) -> (tensor<1x8x30x40xf32>, tensor<1x8x15x20xf32>) {
  %0 = "graph.conv"(%x, %v) {dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x64x30x40xf32>, tensor<8x64x1x1xf32>) -> tensor<1x8x30x40xf32>
  %1 = "graph.conv"(%x, %w) {dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 2, 2>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x64x30x40xf32>, tensor<8x64x1x1xf32>) -> tensor<1x8x15x20xf32>
  return %0, %1 : tensor<1x8x30x40xf32>, tensor<1x8x15x20xf32>
}

// One row: the products are short chains, the slices views.
// CHECK-LABEL: func.func @one_row
// CHECK-NEXT: %[[W:.*]] = "graph.concat"(%arg1, %arg2, %arg3) {axis = 1 : i64
// CHECK-NEXT: %[[Y:.*]] = "graph.matmul"(%arg0, %[[W]])
// CHECK-NEXT: "graph.slice"(%[[Y]]) {sizes = array<i64: 1, 16>, starts = array<i64: 0, 0>
// CHECK-NEXT: "graph.slice"(%[[Y]]) {sizes = array<i64: 1, 16>, starts = array<i64: 0, 16>
// CHECK-NEXT: "graph.slice"(%[[Y]]) {sizes = array<i64: 1, 16>, starts = array<i64: 0, 32>
func.func @one_row(%x: tensor<1x64xf32>, %u: tensor<64x16xf32> {aicc.weight = "u"}, %v: tensor<64x16xf32> {aicc.weight = "v"}, %w: tensor<64x16xf32> {aicc.weight = "w"}) -> (tensor<1x16xf32>, tensor<1x16xf32>, tensor<1x16xf32>) {
  %0 = "graph.matmul"(%x, %u) : (tensor<1x64xf32>, tensor<64x16xf32>) -> tensor<1x16xf32>
  %1 = "graph.matmul"(%x, %v) : (tensor<1x64xf32>, tensor<64x16xf32>) -> tensor<1x16xf32>
  %2 = "graph.matmul"(%x, %w) : (tensor<1x64xf32>, tensor<64x16xf32>) -> tensor<1x16xf32>
  return %0, %1, %2 : tensor<1x16xf32>, tensor<1x16xf32>, tensor<1x16xf32>
}

// The projections of an attention layer keep a core busy as they are.
// CHECK-LABEL: func.func @projections
// CHECK-NEXT: "graph.matmul"(%arg0, %arg1)
// CHECK-NEXT: "graph.matmul"(%arg0, %arg2)
// CHECK-NEXT: return
func.func @projections(%x: tensor<128x384xf32>, %v: tensor<384x384xf32> {aicc.weight = "v"}, %w: tensor<384x384xf32> {aicc.weight = "w"}) -> (tensor<128x384xf32>, tensor<128x384xf32>) {
  %0 = "graph.matmul"(%x, %v) : (tensor<128x384xf32>, tensor<384x384xf32>) -> tensor<128x384xf32>
  %1 = "graph.matmul"(%x, %w) : (tensor<128x384xf32>, tensor<384x384xf32>) -> tensor<128x384xf32>
  return %0, %1 : tensor<128x384xf32>, tensor<128x384xf32>
}

// Different activations stay with their slices; so does one beside a slice that is read as it is.
// CHECK-LABEL: func.func @different_activations
// CHECK: %[[Y:.*]] = "graph.conv"
// CHECK-NEXT: %[[P:.*]] = "graph.slice"(%[[Y]])
// CHECK-NEXT: %[[Q:.*]] = "graph.slice"(%[[Y]])
// CHECK-NEXT: "graph.relu"(%[[P]])
// CHECK-NEXT: "graph.sigmoid"(%[[Q]])
func.func @different_activations(%x: tensor<1x64x30x40xf32>, %v: tensor<8x64x1x1xf32> {aicc.weight = "v"}, %w: tensor<8x64x1x1xf32> {aicc.weight = "w"}) -> (tensor<1x8x30x40xf32>, tensor<1x8x30x40xf32>) {
  %0 = "graph.conv"(%x, %v) {dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x64x30x40xf32>, tensor<8x64x1x1xf32>) -> tensor<1x8x30x40xf32>
  %1 = "graph.conv"(%x, %w) {dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x64x30x40xf32>, tensor<8x64x1x1xf32>) -> tensor<1x8x30x40xf32>
  %2 = "graph.relu"(%0) : (tensor<1x8x30x40xf32>) -> tensor<1x8x30x40xf32>
  %3 = "graph.sigmoid"(%1) : (tensor<1x8x30x40xf32>) -> tensor<1x8x30x40xf32>
  return %2, %3 : tensor<1x8x30x40xf32>, tensor<1x8x30x40xf32>
}
