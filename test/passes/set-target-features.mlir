// RUN: aicc-opt %s --split-input-file --set-target-features | filecheck %s

// CHECK: aicc.target = "x86-64-v3"
module attributes {aicc.target = "x86-64-v3"} {
  // CHECK: llvm.func @extern(){{$}}
  llvm.func @extern()
  // CHECK: llvm.func @kernel() attributes {no_inline, target_cpu = "x86-64-v3"
  // CHECK-SAME: "+avx2"
  // CHECK-SAME: "-avx512f"
  llvm.func @kernel() {
    llvm.return
  }
}

// -----

// CHECK: aicc.target = "znver4"
module attributes {aicc.target = "znver4"} {
  // CHECK: llvm.func @kernel() attributes {no_inline, target_cpu = "znver4"
  // CHECK-SAME: "+avx512bf16"
  // CHECK-SAME: "-amx-tile"
  llvm.func @kernel() {
    llvm.return
  }
}

// -----

// Left to LLVM, which knows the machine it runs on.
// CHECK: aicc.target = "host"
module attributes {aicc.target = "host"} {
  // CHECK: llvm.func @kernel() {{{$}}
  llvm.func @kernel() {
    llvm.return
  }
}
