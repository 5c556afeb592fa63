// RUN: aicc-opt %s --expand-math | filecheck %s
// RUN: aicc-opt %s --expand-math=strict | filecheck %s --check-prefix=STRICT
// RUN: aicc-opt %s --expand-math > %t.once
// RUN: aicc-opt %t.once --expand-math > %t.twice
// RUN: diff %t.once %t.twice

// The integer nearest to x log2(e), the polynomial, then 2^n in two halves.
// CHECK-LABEL: func.func @exp
// CHECK-NOT: math.exp
// CHECK: %[[Z:.*]] = math.fma %{{.*}}, %{{.*}}, %{{.*}} : f32
// CHECK: arith.subf %[[Z]]
// CHECK: %[[BITS:.*]] = arith.bitcast %[[Z]] : f32 to i32
// CHECK: arith.shrui %[[BITS]]
// CHECK: arith.mulf
// CHECK: %[[Y:.*]] = arith.mulf
// CHECK-NOT: math.exp
// CHECK: return %[[Y]] : f32
// STRICT-LABEL: func.func @exp(
// STRICT-NOT: math.exp
// STRICT: return
func.func @exp(%x: f32) -> f32 {
  %y = math.exp %x : f32
  return %y : f32
}

// CHECK-LABEL: func.func @exp2
// CHECK-NOT: math.exp2
// CHECK: math.fma {{.*}} : vector<16xf32>
// CHECK: arith.shli {{.*}} : vector<16xi32>
// CHECK-NOT: math.exp2
// CHECK: return
func.func @exp2(%x: vector<16xf32>) -> vector<16xf32> {
  %y = math.exp2 %x : vector<16xf32>
  return %y : vector<16xf32>
}

// CHECK-LABEL: func.func @expm1
// CHECK-NOT: math.expm1
// CHECK: arith.select
// CHECK: arith.ori {{.*}} : vector<2x8xi32>
// CHECK-NOT: math.expm1
// CHECK: return
func.func @expm1(%x: vector<2x8xf32>) -> vector<2x8xf32> {
  %y = math.expm1 %x : vector<2x8xf32>
  return %y : vector<2x8xf32>
}

// CHECK-LABEL: func.func @tanh
// CHECK-NOT: math.tanh
// CHECK: arith.divf {{.*}} : vector<[4]xf32>
// CHECK-NOT: math.tanh
// CHECK: return
// Its bound is above 1 ulp.
// STRICT-LABEL: func.func @tanh
// STRICT: math.tanh
func.func @tanh(%x: vector<[4]xf32>) -> vector<[4]xf32> {
  %y = math.tanh %x : vector<[4]xf32>
  return %y : vector<[4]xf32>
}

// CHECK-LABEL: func.func @erf
// CHECK-NOT: math.erf
// CHECK-NOT: arith.divf
// CHECK: arith.ori
// CHECK-NOT: math.erf
// CHECK: return
func.func @erf(%x: vector<f32>) -> vector<f32> {
  %y = math.erf %x : vector<f32>
  return %y : vector<f32>
}

// CHECK-LABEL: func.func @logarithms
// CHECK-NOT: math.log
// CHECK: arith.shrsi {{.*}} : i32
// CHECK: arith.sitofp {{.*}} : i32 to f32
// CHECK-NOT: math.log
// CHECK: return
func.func @logarithms(%x: f32) -> (f32, f32, f32) {
  %a = math.log %x : f32
  %b = math.log2 %x : f32
  %c = math.log1p %x : f32
  return %a, %b, %c : f32, f32, f32
}

// CHECK-LABEL: func.func @powf
// CHECK-NOT: math.powf
// CHECK: arith.extf {{.*}} : vector<8xf32> to vector<8xf64>
// CHECK: math.floor
// CHECK-NOT: math.powf
// CHECK: return
func.func @powf(%x: vector<8xf32>, %y: vector<8xf32>) -> vector<8xf32> {
  %z = math.powf %x, %y : vector<8xf32>
  return %z : vector<8xf32>
}

// CHECK-LABEL: func.func @sin_cos
// CHECK-NOT: math.sin
// CHECK-NOT: math.cos
// CHECK: arith.muli {{.*}} : i64
// CHECK-NOT: math.sin
// CHECK-NOT: math.cos
// CHECK: return
func.func @sin_cos(%x: f32) -> (f32, f32) {
  %s = math.sin %x : f32
  %c = math.cos %x : f32
  return %s, %c : f32, f32
}

// Constants go to the start of the block, once for both functions.
// CHECK-LABEL: func.func @in_linalg
// CHECK: linalg.generic
// CHECK: ^bb0
// CHECK: arith.constant 1.44269{{.*}} : f32
// CHECK-NOT: arith.constant 1.44269
// CHECK-NOT: math.exp
// CHECK: linalg.yield
func.func @in_linalg(%x: tensor<8xf32>, %out: tensor<8xf32>) -> tensor<8xf32> {
  %y = linalg.generic {
    indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>],
    iterator_types = ["parallel"]
  } ins(%x : tensor<8xf32>) outs(%out : tensor<8xf32>) {
  ^bb0(%a: f32, %b: f32):
    %0 = math.exp %a : f32
    %1 = math.exp %0 : f32
    linalg.yield %1 : f32
  } -> tensor<8xf32>
  return %y : tensor<8xf32>
}

// CHECK-LABEL: func.func @in_loop
// CHECK: affine.for
// CHECK-NOT: math.tanh
// CHECK: affine.store
func.func @in_loop(%m: memref<8xf32>) {
  affine.for %i = 0 to 8 {
    %a = affine.load %m[%i] : memref<8xf32>
    %t = math.tanh %a fastmath<fast> : f32
    affine.store %t, %m[%i] : memref<8xf32>
  }
  return
}

// CHECK-LABEL: func.func @narrow
// CHECK-NOT: math.exp
// CHECK: arith.extf %{{.*}} : bf16 to f32
// CHECK: arith.truncf %{{.*}} : f32 to bf16
// CHECK: arith.extf %{{.*}} : vector<4xf16> to vector<4xf32>
// CHECK: arith.truncf %{{.*}} : vector<4xf32> to vector<4xf16>
// CHECK-NOT: math.exp
// CHECK: return
func.func @narrow(%x: bf16, %y: vector<4xf16>) -> (bf16, vector<4xf16>) {
  %0 = math.exp %x : bf16
  %1 = math.exp %y : vector<4xf16>
  return %0, %1 : bf16, vector<4xf16>
}

// CHECK-LABEL: func.func @stay
// CHECK: math.exp %{{.*}} : f64
// CHECK-NEXT: math.powf %{{.*}}, %{{.*}} : vector<4xf64>
// CHECK-NEXT: math.exp %{{.*}} : tensor<4xf32>
// CHECK-NEXT: math.ipowi %{{.*}}, %{{.*}} : i32
// CHECK-NEXT: math.sqrt %{{.*}} : f32
// CHECK-NEXT: math.rsqrt %{{.*}} : f32
// CHECK-NEXT: math.absf %{{.*}} : f32
// CHECK-NEXT: return
func.func @stay(%d: f64, %v: vector<4xf64>, %t: tensor<4xf32>, %i: i32, %x: f32) {
  %0 = math.exp %d : f64
  %1 = math.powf %v, %v : vector<4xf64>
  %2 = math.exp %t : tensor<4xf32>
  %3 = math.ipowi %i, %i : i32
  %4 = math.sqrt %x : f32
  %5 = math.rsqrt %x : f32
  %6 = math.absf %x : f32
  return
}

// Equal functions that follow each other advance side by side; one that needs another waits.
// CHECK-LABEL: func.func @side_by_side(
// CHECK: arith.cmpf olt, %{{.*}}, %arg0
// CHECK-NEXT: arith.cmpf olt, %{{.*}}, %arg1
// CHECK-NOT: math.exp
func.func @side_by_side(%x: vector<4xf32>, %y: vector<4xf32>) -> vector<4xf32> {
  %0 = math.exp %x : vector<4xf32>
  %1 = math.exp %y : vector<4xf32>
  %2 = math.exp %1 : vector<4xf32>
  %3 = arith.addf %0, %2 : vector<4xf32>
  return %3 : vector<4xf32>
}
