// RUN: aicc-opt %s --hoist-tile-shapes | FileCheck %s
// RUN: aicc-opt %s --hoist-tile-shapes -o %t.once
// RUN: aicc-opt %t.once --hoist-tile-shapes -o %t.twice
// RUN: diff %t.once %t.twice

// One configuration and one release per parallel iteration.
// CHECK-LABEL: func.func private @equal
// CHECK: scf.forall
// CHECK: ldtilecfg ($0)
// CHECK: scf.for
// CHECK-NOT: tilecfg
// CHECK: "tilezero %tmm0"
// CHECK: "tilestored %tmm0, 0($0,$1,1)"
// CHECK-SAME: "r,r,~{memory}"
// CHECK: "tilerelease"
func.func private @equal(%place: i64, %width: i64) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  scf.forall (%i) in (8) {
    scf.for %j = %c0 to %c4 step %c1 {
      %shapes = arith.constant dense<1> : vector<64xi8>
      %memory = memref.alloc() : memref<64xi8>
      vector.store %shapes, %memory[%c0] : memref<64xi8>, vector<64xi8>
      %first = memref.extract_aligned_pointer_as_index %memory : memref<64xi8> -> index
      %address = arith.index_cast %first : index to i64
      llvm.inline_asm has_side_effects {aicc.tile_shapes = dense<1> : vector<64xi8>} "ldtilecfg ($0)", "r,~{memory}" %address : (i64) -> ()
      llvm.inline_asm has_side_effects "tilezero %tmm0", "~{memory}" : () -> ()
      llvm.inline_asm has_side_effects "tilestored %tmm0, 0($0,$1,1)\0Atilerelease", "r,r,~{memory}" %place, %width : (i64, i64) -> ()
    }
  }
  return
}

// Two shapes: each tile tells its own.
// CHECK-LABEL: func.func private @different
// CHECK: scf.for
// CHECK: ldtilecfg
// CHECK: tilerelease
// CHECK: ldtilecfg
// CHECK: tilerelease
func.func private @different(%place: i64, %width: i64) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  scf.for %j = %c0 to %c4 step %c1 {
    %a = memref.alloc() : memref<64xi8>
    %first = memref.extract_aligned_pointer_as_index %a : memref<64xi8> -> index
    %address = arith.index_cast %first : index to i64
    llvm.inline_asm has_side_effects {aicc.tile_shapes = dense<1> : vector<64xi8>} "ldtilecfg ($0)", "r,~{memory}" %address : (i64) -> ()
    llvm.inline_asm has_side_effects "tilestored %tmm0, 0($0,$1,1)\0Atilerelease", "r,r,~{memory}" %place, %width : (i64, i64) -> ()
    llvm.inline_asm has_side_effects {aicc.tile_shapes = dense<2> : vector<64xi8>} "ldtilecfg ($0)", "r,~{memory}" %address : (i64) -> ()
    llvm.inline_asm has_side_effects "tilestored %tmm1, 0($0,$1,1)\0Atilerelease", "r,r,~{memory}" %place, %width : (i64, i64) -> ()
  }
  return
}
