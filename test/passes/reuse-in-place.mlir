// RUN: aicc-opt %s --reuse-in-place --split-input-file | filecheck %s
// RUN: aicc-opt %s --pass-pipeline='builtin.module(reuse-in-place,reuse-in-place)' --split-input-file | filecheck %s

// %b lies where %a lay; the kernel is called in no other way, and has one argument left. The model's
// own input is never overwritten: there the kernel would need a copy of itself.
// CHECK-LABEL: func.func @main
// CHECK: %[[A:.*]] = memref.alloc() {aicc.holds = [{{.*}}role = "result"}, {{.*}}role = "in place"}]}
// CHECK: call @make(%arg0, %[[A]])
// CHECK: call @twice(%[[A]])
// CHECK: call @sum(%arg0, %[[A]], %arg1)
func.func @main(%x: memref<4x8xf32>, %y: memref<4x8xf32>) {
  %a = memref.alloc() : memref<4x8xf32>
  call @make(%x, %a) : (memref<4x8xf32>, memref<4x8xf32>) -> ()
  %b = memref.alloc() : memref<4x8xf32>
  call @twice(%a, %b) : (memref<4x8xf32>, memref<4x8xf32>) -> ()
  call @sum(%x, %b, %y) : (memref<4x8xf32>, memref<4x8xf32>, memref<4x8xf32>) -> ()
  return
}
func.func private @make(%x: memref<4x8xf32>, %y: memref<4x8xf32>) {
  linalg.add ins(%x, %x : memref<4x8xf32>, memref<4x8xf32>) outs(%y : memref<4x8xf32>)
  return
}
// CHECK-LABEL: func.func private @twice
// CHECK-SAME: (%[[R:.*]]: memref<4x8xf32> {aicc.in_place = 0 : i64}
// CHECK: linalg.generic
// CHECK-SAME: ins(%[[R]] : {{.*}}) outs(%[[R]] :
func.func private @twice(%x: memref<4x8xf32>, %y: memref<4x8xf32>) attributes {aicc.kernel = "elementwise"} {
  linalg.generic {indexing_maps = [affine_map<(a, b) -> (a, b)>, affine_map<(a, b) -> (a, b)>],
                  iterator_types = ["parallel", "parallel"]}
      ins(%x : memref<4x8xf32>) outs(%y : memref<4x8xf32>) {
  ^bb0(%in: f32, %o: f32):
    %s = arith.addf %in, %in : f32
    linalg.yield %s : f32
  }
  return
}
func.func private @sum(%a: memref<4x8xf32>, %b: memref<4x8xf32>, %y: memref<4x8xf32>) {
  linalg.add ins(%a, %b : memref<4x8xf32>, memref<4x8xf32>) outs(%y : memref<4x8xf32>)
  return
}

// -----

// Loops: each iteration reads and writes a row of its own, and has read what it overwrites. The
// second call reads the model's input: the kernel exists twice. The shapes differ by a unit.
// CHECK-LABEL: func.func @rows
// CHECK: %[[A:.*]] = memref.alloc()
// CHECK: call @softmax(%arg0, %[[A]])
// CHECK: call @softmax_in_place_0(%[[A]])
func.func @rows(%x: memref<8x32xf32>, %y: memref<8x32xf32>) {
  %a = memref.alloc() : memref<8x32xf32>
  call @softmax(%x, %a) : (memref<8x32xf32>, memref<8x32xf32>) -> ()
  %b = memref.alloc() : memref<8x32xf32>
  call @softmax(%a, %b) : (memref<8x32xf32>, memref<8x32xf32>) -> ()
  call @copy(%b, %y) : (memref<8x32xf32>, memref<8x32xf32>) -> ()
  return
}
// CHECK: func.func private @softmax_in_place_0(%{{.*}}: memref<8x32xf32> {aicc.in_place = 0 : i64})
// CHECK: func.func private @softmax(%{{.*}}: memref<8x32xf32>, %{{.*}}: memref<8x32xf32>)
func.func private @softmax(%x: memref<8x32xf32>, %y: memref<8x32xf32>) attributes {aicc.kernel = "rows"} {
  %c0 = arith.constant 0 : index
  %c16 = arith.constant 16 : index
  %c32 = arith.constant 32 : index
  %zero = arith.constant dense<0.0> : vector<16xf32>
  scf.forall (%i) in (8) {
    %in = memref.subview %x[%i, 0] [1, 32] [1, 1] : memref<8x32xf32> to memref<1x32xf32, strided<[32, 1], offset: ?>>
    %out = memref.subview %y[%i, 0] [1, 32] [1, 1] : memref<8x32xf32> to memref<1x32xf32, strided<[32, 1], offset: ?>>
    %sum = scf.for %j = %c0 to %c32 step %c16 iter_args(%acc = %zero) -> (vector<16xf32>) {
      %v = vector.load %in[%c0, %j] : memref<1x32xf32, strided<[32, 1], offset: ?>>, vector<16xf32>
      %n = arith.addf %acc, %v : vector<16xf32>
      scf.yield %n : vector<16xf32>
    }
    scf.for %j = %c0 to %c32 step %c16 {
      %v = vector.load %in[%c0, %j] : memref<1x32xf32, strided<[32, 1], offset: ?>>, vector<16xf32>
      %n = arith.divf %v, %sum : vector<16xf32>
      vector.store %n, %out[%c0, %j] : memref<1x32xf32, strided<[32, 1], offset: ?>>, vector<16xf32>
    }
  }
  return
}
func.func private @copy(%x: memref<8x32xf32>, %y: memref<8x32xf32>) {
  memref.copy %x, %y : memref<8x32xf32> to memref<8x32xf32>
  return
}
