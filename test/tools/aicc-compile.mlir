// `aicc compile` takes the text of any phase on to the stage asked for.

// RUN: aicc compile %s --emit=import | FileCheck %s --check-prefix=IMPORT
// IMPORT: "graph.relu"

// RUN: aicc compile %s --emit=kernels -o %t.mlir
// RUN: aicc compile %t.mlir --emit=buffers | FileCheck %s --check-prefix=BUFFERS
// BUFFERS: aicc.phase = "buffers"
// BUFFERS: memref<8xf32>

// RUN: aicc compile %s --emit=memory-plan | FileCheck %s --check-prefix=PLAN
// PLAN: "main": {
// PLAN-NEXT: "algorithm": "best-fit",
// PLAN: "lower_bound":

// RUN: aicc compile %s --emit=ll | FileCheck %s --check-prefix=LL
// LL: define {{.*}}@main(

// RUN: not aicc compile %t.mlir --emit=graph 2>&1 | FileCheck %s --check-prefix=BACK
// BACK: error: '{{.*}}' is at phase 'kernels' already, which comes after 'graph'

// RUN: not aicc compile %s --dim n=1 2>&1 | FileCheck %s --check-prefix=DIM
// DIM: is IR text, whose shapes are fixed: no --shape, no --dim

// RUN: not aicc compile %s-absent.mlir 2>&1 | FileCheck %s --check-prefix=ABSENT
// ABSENT: error: cannot read '{{.*}}-absent.mlir': No such file or directory

// RUN: aicc compile --help | FileCheck %s --check-prefix=HELP
// HELP: Usage: aicc compile [OPTIONS] MODEL
// HELP: asm {{ *}}disassembly of the code that runs
module attributes {aicc.phase = "import", aicc.target = "host", aicc.threads = 1 : i64} {
  func.func @main(%x: tensor<8xf32> {aicc.input = "x"}) -> (tensor<8xf32> {aicc.output = "y"}) {
    %0 = "graph.relu"(%x) : (tensor<8xf32>) -> tensor<8xf32>
    return %0 : tensor<8xf32>
  }
}
