// RUN: aicc-opt %s --expand-math | filecheck %s
// RUN: aicc-opt %s --expand-math > %t.once
// RUN: aicc-opt %t.once --expand-math > %t.twice
// RUN: diff %t.once %t.twice

module attributes {aicc.target = "x86-64-v4"} {
  // One instruction bounds the rest, one multiplies by 2^n, whatever n is.
  // CHECK-LABEL: func.func @whole_register
  // CHECK-NOT: arith.select
  // CHECK-NOT: arith.shli
  // CHECK: llvm.call_intrinsic "llvm.x86.avx512.mask.range.ps.512"
  // CHECK: %[[Y:.*]] = llvm.call_intrinsic "llvm.x86.avx512.mask.scalef.ps.512"
  // CHECK: return %[[Y]]
  func.func @whole_register(%x: vector<16xf32>) -> vector<16xf32> {
    %y = math.exp %x : vector<16xf32>
    return %y : vector<16xf32>
  }

  // Other shapes, which LLVM may widen, stay plain arithmetic.
  // CHECK-LABEL: func.func @scalar
  // CHECK-NOT: llvm.call_intrinsic
  // CHECK: arith.shli
  // CHECK: return
  func.func @scalar(%x: f32) -> f32 {
    %y = math.exp %x : f32
    return %y : f32
  }

  // CHECK-LABEL: func.func @half_register
  // CHECK-NOT: llvm.call_intrinsic
  // CHECK: arith.shli
  // CHECK: return
  func.func @half_register(%x: vector<8xf32>) -> vector<8xf32> {
    %y = math.exp %x : vector<8xf32>
    return %y : vector<8xf32>
  }
}
