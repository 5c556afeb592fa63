// RUN: aicc-opt %s --split-input-file --pass-pipeline='builtin.module(assign-layout)' | filecheck %s
// RUN: aicc-opt %s --split-input-file --pass-pipeline='builtin.module(assign-layout,assign-layout)' | filecheck %s
// RUN: aicc-opt %s --split-input-file --assign-layout=explain 2>&1 | filecheck %s --check-prefix=WHY
// WHY: remark: 'graph.conv' op becomes NHWC: by itself NCHW takes {{.*}} us, NHWC
// WHY: remark: 'graph.conv' op stays NCHW: by itself NCHW takes
// WHY: remark: 'graph.conv' op stays NCHW: its weights cannot be packed

// What lies between convolutions decides nothing: both run in NHWC, each with casts around it.
// CHECK-LABEL: func.func @chain
// CHECK: "graph.layout_cast"(%arg0)
// CHECK-NEXT: "graph.conv"{{.*}}layout = "NHWC"
// CHECK-NEXT: "graph.layout_cast"
// CHECK-NEXT: "graph.relu"{{.*}}tensor<1x32x56x56xf32>
// CHECK-NEXT: "graph.layout_cast"
// CHECK-NEXT: "graph.conv"{{.*}}layout = "NHWC"
// CHECK-NEXT: "graph.layout_cast"
// CHECK-NEXT: return
func.func @chain(%x: tensor<1x32x56x56xf32>, %w: tensor<32x32x3x3xf32> {aicc.weight = "w"}) -> tensor<1x32x56x56xf32> {
  %0 = "graph.conv"(%x, %w) {group = 1 : i64, layout = "NCHW", strides = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>, dilations = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x32x56x56xf32>, tensor<32x32x3x3xf32>) -> tensor<1x32x56x56xf32>
  %1 = "graph.relu"(%0) {} : (tensor<1x32x56x56xf32>) -> tensor<1x32x56x56xf32>
  %2 = "graph.conv"(%1, %w) {group = 1 : i64, layout = "NCHW", strides = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>, dilations = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x32x56x56xf32>, tensor<32x32x3x3xf32>) -> tensor<1x32x56x56xf32>
  return %2 : tensor<1x32x56x56xf32>
}

// -----

// Three in a row: no cast inside.
// CHECK-LABEL: func.func @neighbours
// CHECK: "graph.layout_cast"(%arg0)
// CHECK-COUNT-3: "graph.conv"{{.*}}layout = "NHWC"
// CHECK-NEXT: "graph.layout_cast"
// CHECK-NOT: graph.layout_cast
func.func @neighbours(%x: tensor<1x32x56x56xf32>, %w: tensor<32x32x3x3xf32> {aicc.weight = "w"}) -> tensor<1x32x56x56xf32> {
  %0 = "graph.conv"(%x, %w) {group = 1 : i64, layout = "NCHW", strides = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>, dilations = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x32x56x56xf32>, tensor<32x32x3x3xf32>) -> tensor<1x32x56x56xf32>
  %1 = "graph.conv"(%0, %w) {group = 1 : i64, layout = "NCHW", strides = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>, dilations = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x32x56x56xf32>, tensor<32x32x3x3xf32>) -> tensor<1x32x56x56xf32>
  %2 = "graph.conv"(%1, %w) {group = 1 : i64, layout = "NCHW", strides = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>, dilations = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x32x56x56xf32>, tensor<32x32x3x3xf32>) -> tensor<1x32x56x56xf32>
  return %2 : tensor<1x32x56x56xf32>
}

// -----

// Pools and norms take the layout of their region.
// CHECK-LABEL: func.func @followers
// CHECK: "graph.conv"{{.*}}layout = "NHWC"
// CHECK: "graph.instance_norm"{{.*}}layout = "NHWC"
// CHECK: "graph.max_pool"{{.*}}layout = "NHWC"
// CHECK: "graph.batch_norm"{{.*}}layout = "NHWC"
// CHECK: "graph.average_pool"{{.*}}layout = "NHWC"
func.func @followers(%x: tensor<1x32x56x56xf32>, %w: tensor<32x32x3x3xf32> {aicc.weight = "w"}, %w1: tensor<32xf32> {aicc.weight = "w1"}) -> tensor<1x32x14x14xf32> {
  %0 = "graph.conv"(%x, %w) {group = 1 : i64, layout = "NCHW", strides = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>, dilations = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x32x56x56xf32>, tensor<32x32x3x3xf32>) -> tensor<1x32x56x56xf32>
  %1 = "graph.instance_norm"(%0, %w1, %w1) {} : (tensor<1x32x56x56xf32>, tensor<32xf32>, tensor<32xf32>) -> tensor<1x32x56x56xf32>
  %2 = "graph.max_pool"(%1) {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>, pads = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>} : (tensor<1x32x56x56xf32>) -> tensor<1x32x28x28xf32>
  %3 = "graph.batch_norm"(%2, %w1, %w1, %w1, %w1) {} : (tensor<1x32x28x28xf32>, tensor<32xf32>, tensor<32xf32>, tensor<32xf32>, tensor<32xf32>) -> tensor<1x32x28x28xf32>
  %4 = "graph.average_pool"(%3) {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>, pads = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>} : (tensor<1x32x28x28xf32>) -> tensor<1x32x14x14xf32>
  return %4 : tensor<1x32x14x14xf32>
}

// -----

// On their own they gain nothing.
// CHECK-LABEL: func.func @pool_alone
// CHECK-NOT: layout_cast
// CHECK: return
func.func @pool_alone(%x: tensor<1x32x56x56xf32>) -> tensor<1x32x28x28xf32> {
  %0 = "graph.max_pool"(%x) {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>, pads = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>} : (tensor<1x32x56x56xf32>) -> tensor<1x32x28x28xf32>
  return %0 : tensor<1x32x28x28xf32>
}

// -----

// Depthwise convolutions, and those over one or three dimensions.
// CHECK-LABEL: func.func @depthwise
// CHECK: "graph.conv"{{.*}}layout = "NHWC"
func.func @depthwise(%x: tensor<1x32x56x56xf32>, %w: tensor<32x1x3x3xf32> {aicc.weight = "w"}) -> tensor<1x32x56x56xf32> {
  %0 = "graph.conv"(%x, %w) {group = 32 : i64, layout = "NCHW", strides = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>, dilations = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x32x56x56xf32>, tensor<32x1x3x3xf32>) -> tensor<1x32x56x56xf32>
  return %0 : tensor<1x32x56x56xf32>
}

// -----

// CHECK-LABEL: func.func @sequence
// CHECK: "graph.layout_cast"{{.*}}tensor<1x256x64xf32>
// CHECK: "graph.conv"{{.*}}layout = "NHWC"{{.*}}tensor<1x128x64xf32>
func.func @sequence(%x: tensor<1x64x256xf32>, %w: tensor<64x64x3xf32> {aicc.weight = "w"}) -> tensor<1x64x128xf32> {
  %0 = "graph.conv"(%x, %w) {group = 1 : i64, layout = "NCHW", strides = array<i64: 2>, pads = array<i64: 1, 1>, dilations = array<i64: 1>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x64x256xf32>, tensor<64x64x3xf32>) -> tensor<1x64x128xf32>
  return %0 : tensor<1x64x128xf32>
}

// -----

// CHECK-LABEL: func.func @volume
// CHECK: "graph.conv"{{.*}}layout = "NHWC"{{.*}}tensor<1x16x16x16x32xf32>
func.func @volume(%x: tensor<1x16x16x16x16xf32>, %w: tensor<32x16x3x3x3xf32> {aicc.weight = "w"}) -> tensor<1x32x16x16x16xf32> {
  %0 = "graph.conv"(%x, %w) {group = 1 : i64, layout = "NCHW", strides = array<i64: 1, 1, 1>, pads = array<i64: 1, 1, 1, 1, 1, 1>, dilations = array<i64: 1, 1, 1>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x16x16x16x16xf32>, tensor<32x16x3x3x3xf32>) -> tensor<1x32x16x16x16xf32>
  return %0 : tensor<1x32x16x16x16xf32>
}

// -----

// A small convolution is not worth two casts.
// CHECK-LABEL: func.func @island
// CHECK-NOT: layout_cast
// CHECK: "graph.conv"{{.*}}layout = "NCHW"
func.func @island(%x: tensor<1x16x8x8xf32>, %w: tensor<16x16x1x1xf32> {aicc.weight = "w"}) -> tensor<1x16x8x8xf32> {
  %0 = "graph.conv"(%x, %w) {group = 1 : i64, layout = "NCHW", strides = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x16x8x8xf32>, tensor<16x16x1x1xf32>) -> tensor<1x16x8x8xf32>
  return %0 : tensor<1x16x8x8xf32>
}

// -----

// Nor is one to a single channel, which leaves most lanes idle, on its own ..
// CHECK-LABEL: func.func @one_channel
// CHECK-NOT: layout_cast
// CHECK: "graph.conv"{{.*}}layout = "NCHW"
func.func @one_channel(%x: tensor<1x32x56x56xf32>, %w: tensor<1x32x1x1xf32> {aicc.weight = "w"}) -> tensor<1x1x56x56xf32> {
  %0 = "graph.conv"(%x, %w) {group = 1 : i64, layout = "NCHW", strides = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x32x56x56xf32>, tensor<1x32x1x1xf32>) -> tensor<1x1x56x56xf32>
  return %0 : tensor<1x1x56x56xf32>
}

// -----

// .. but behind one that gains, it spares a cast of its 32 input channels.
// CHECK-LABEL: func.func @one_channel_of_many
// CHECK-COUNT-2: "graph.conv"{{.*}}layout = "NHWC"
func.func @one_channel_of_many(%x: tensor<1x32x56x56xf32>, %w1: tensor<32x32x3x3xf32> {aicc.weight = "w1"}, %w: tensor<1x32x1x1xf32> {aicc.weight = "w"}) -> tensor<1x1x56x56xf32> {
  %0 = "graph.conv"(%x, %w1) {group = 1 : i64, layout = "NCHW", strides = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>, dilations = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x32x56x56xf32>, tensor<32x32x3x3xf32>) -> tensor<1x32x56x56xf32>
  %1 = "graph.conv"(%0, %w) {group = 1 : i64, layout = "NCHW", strides = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x32x56x56xf32>, tensor<1x32x1x1xf32>) -> tensor<1x1x56x56xf32>
  return %1 : tensor<1x1x56x56xf32>
}

// -----

// Weights that are computed from an input cannot be packed.
// CHECK-LABEL: func.func @weights_unknown
// CHECK-NOT: layout_cast
// CHECK: "graph.conv"{{.*}}layout = "NCHW"
func.func @weights_unknown(%x: tensor<1x32x56x56xf32>, %k: tensor<32x32x3x3xf32>) -> tensor<1x32x56x56xf32> {
  %0 = "graph.conv"(%x, %k) {group = 1 : i64, layout = "NCHW", strides = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>, dilations = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x32x56x56xf32>, tensor<32x32x3x3xf32>) -> tensor<1x32x56x56xf32>
  return %0 : tensor<1x32x56x56xf32>
}

// -----

// The micro-kernels for packed weights are for f32.
// CHECK-LABEL: func.func @other_type
// CHECK-NOT: layout_cast
// CHECK: "graph.conv"{{.*}}layout = "NCHW"
func.func @other_type(%x: tensor<1x32x56x56xf64>, %w: tensor<32x32x3x3xf64> {aicc.weight = "w"}) -> tensor<1x32x56x56xf64> {
  %0 = "graph.conv"(%x, %w) {group = 1 : i64, layout = "NCHW", strides = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>, dilations = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x32x56x56xf64>, tensor<32x32x3x3xf64>) -> tensor<1x32x56x56xf64>
  return %0 : tensor<1x32x56x56xf64>
}

// -----

// Grouped convolutions have no packed form.
// CHECK-LABEL: func.func @grouped
// CHECK-NOT: layout_cast
// CHECK: "graph.conv"{{.*}}layout = "NCHW"
func.func @grouped(%x: tensor<1x32x56x56xf32>, %w: tensor<32x8x3x3xf32> {aicc.weight = "w"}) -> tensor<1x32x56x56xf32> {
  %0 = "graph.conv"(%x, %w) {group = 4 : i64, layout = "NCHW", strides = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>, dilations = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x32x56x56xf32>, tensor<32x8x3x3xf32>) -> tensor<1x32x56x56xf32>
  return %0 : tensor<1x32x56x56xf32>
}

// -----

// Transposes of the model are casts: here none is needed.
// CHECK-LABEL: func.func @nhwc_model
// CHECK-NOT: graph.layout_cast
// CHECK: %[[Y:.*]] = "graph.conv"(%arg0{{.*}}layout = "NHWC"
// CHECK-NEXT: return %[[Y]]
func.func @nhwc_model(%x: tensor<1x56x56x32xf32>, %w: tensor<32x32x3x3xf32> {aicc.weight = "w"}) -> tensor<1x56x56x32xf32> {
  %0 = "graph.transpose"(%x) {permutation = array<i64: 0, 3, 1, 2>} : (tensor<1x56x56x32xf32>) -> tensor<1x32x56x56xf32>
  %1 = "graph.conv"(%0, %w) {group = 1 : i64, layout = "NCHW", strides = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>, dilations = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x32x56x56xf32>, tensor<32x32x3x3xf32>) -> tensor<1x32x56x56xf32>
  %2 = "graph.transpose"(%1) {permutation = array<i64: 0, 2, 3, 1>} : (tensor<1x32x56x56xf32>) -> tensor<1x56x56x32xf32>
  return %2 : tensor<1x56x56x32xf32>
}

// -----

// One pixel at a time, alone: a matrix product in either layout, and casts for channels last.
// CHECK-LABEL: func.func @pointwise
// CHECK-NOT: graph.layout_cast
func.func @pointwise(%x: tensor<1x64x56x56xf32>, %w: tensor<256x64x1x1xf32> {aicc.weight = "w"}) -> tensor<1x256x56x56xf32> {
  %0 = "graph.conv"(%x, %w) {group = 1 : i64, layout = "NCHW", strides = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x64x56x56xf32>, tensor<256x64x1x1xf32>) -> tensor<1x256x56x56xf32>
  return %0 : tensor<1x256x56x56xf32>
}
