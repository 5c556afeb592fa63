// One small model through every phase; each phase takes the text of the one before.

// RUN: aicc-opt %s --to-graph > %t.graph
// RUN: aicc-opt %t.graph --to-kernels > %t.kernels
// RUN: aicc-opt %t.kernels --to-schedule > %t.schedule
// RUN: aicc-opt %t.schedule --to-buffers > %t.buffers
// RUN: aicc-opt %t.buffers --to-loops > %t.loops
// RUN: aicc-opt %t.loops --to-llvm > %t.llvm
// RUN: FileCheck %s --check-prefix=GRAPH --input-file=%t.graph
// RUN: FileCheck %s --check-prefix=KERNELS --input-file=%t.kernels
// RUN: FileCheck %s --check-prefix=SCHEDULE --input-file=%t.schedule
// RUN: FileCheck %s --check-prefix=BUFFERS --input-file=%t.buffers
// RUN: FileCheck %s --check-prefix=LOOPS --input-file=%t.loops
// RUN: FileCheck %s --check-prefix=LLVM --input-file=%t.llvm

// The steps one by one, and all at once, are the same.
// RUN: aicc-opt %s --to-graph --to-kernels --to-schedule --to-buffers --to-loops --to-llvm > %t.once
// RUN: diff %t.once %t.llvm

// GRAPH: aicc.phase = "graph"
// GRAPH: func.func @main
// GRAPH: graph.{{matmul|group}}

// KERNELS: aicc.phase = "kernels"
// KERNELS: func.func private @{{.*}}aicc.kernel = "matmul"
// KERNELS: linalg.
// KERNELS-NOT: "graph.

// SCHEDULE: aicc.phase = "schedule"
// SCHEDULE: tensor<

// BUFFERS: aicc.phase = "buffers"
// BUFFERS: func.func private @{{.*}}memref<
// BUFFERS-NOT: tensor<

// LOOPS: aicc.phase = "loops"
// LOOPS: {{scf|affine}}.for
// LOOPS-NOT: linalg.

// LLVM: aicc.entry_points = {main = [{dtype = f32, kind = "input", name = "x"
// LLVM-SAME: aicc.phase = "llvm"
// LLVM: llvm.func @main
// LLVM-NOT: func.func
module attributes {aicc.phase = "import", aicc.target = "host", aicc.threads = 1 : i64} {
  func.func @main(%x: tensor<4x32xf32> {aicc.input = "x"}, %w: tensor<32x16xf32> {aicc.weight = "w"}) -> (tensor<4x16xf32> {aicc.output = "y"}) {
    %0 = "graph.matmul"(%x, %w) : (tensor<4x32xf32>, tensor<32x16xf32>) -> tensor<4x16xf32>
    %1 = "graph.relu"(%0) : (tensor<4x16xf32>) -> tensor<4x16xf32>
    return %1 : tensor<4x16xf32>
  }
}
