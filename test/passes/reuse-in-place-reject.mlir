// RUN: aicc-opt %s --reuse-in-place | filecheck %s

// Nothing here may work in place: a transpose reads what another iteration overwrites, a stencil
// reads its neighbour, an input is read again later, a row is written before it is read, and a
// reduction reads an element after the same loop has written it.
// CHECK-LABEL: func.func @main
// CHECK: call @transpose(%{{.*}}, %{{.*}}) :
// CHECK: call @stencil(%{{.*}}, %{{.*}}) :
// CHECK: call @twice(%{{.*}}, %{{.*}}) :
// CHECK: call @late(%{{.*}}, %{{.*}}) :
// CHECK: call @sums(%{{.*}}, %{{.*}}) :
// CHECK-NOT: aicc.in_place
func.func @main(%x: memref<8x8xf32>, %y: memref<8x8xf32>) {
  %a = memref.alloc() : memref<8x8xf32>
  call @make(%x, %a) : (memref<8x8xf32>, memref<8x8xf32>) -> ()
  %b = memref.alloc() : memref<8x8xf32>
  call @transpose(%a, %b) : (memref<8x8xf32>, memref<8x8xf32>) -> ()
  %c = memref.alloc() : memref<8x8xf32>
  call @stencil(%b, %c) : (memref<8x8xf32>, memref<8x8xf32>) -> ()
  %d = memref.alloc() : memref<8x8xf32>
  call @twice(%c, %d) : (memref<8x8xf32>, memref<8x8xf32>) -> ()
  %e = memref.alloc() : memref<8x8xf32>
  call @late(%d, %e) : (memref<8x8xf32>, memref<8x8xf32>) -> ()
  %f = memref.alloc() : memref<8x8xf32>
  call @sums(%e, %f) : (memref<8x8xf32>, memref<8x8xf32>) -> ()
  call @last(%f, %c, %y) : (memref<8x8xf32>, memref<8x8xf32>, memref<8x8xf32>) -> ()
  return
}
func.func private @make(%x: memref<8x8xf32>, %y: memref<8x8xf32>) {
  linalg.add ins(%x, %x : memref<8x8xf32>, memref<8x8xf32>) outs(%y : memref<8x8xf32>)
  return
}
func.func private @last(%a: memref<8x8xf32>, %b: memref<8x8xf32>, %y: memref<8x8xf32>) {
  linalg.add ins(%a, %b : memref<8x8xf32>, memref<8x8xf32>) outs(%y : memref<8x8xf32>)
  return
}
func.func private @transpose(%x: memref<8x8xf32>, %y: memref<8x8xf32>) attributes {aicc.kernel = "data_movement"} {
  linalg.generic {indexing_maps = [affine_map<(a, b) -> (b, a)>, affine_map<(a, b) -> (a, b)>],
                  iterator_types = ["parallel", "parallel"]}
      ins(%x : memref<8x8xf32>) outs(%y : memref<8x8xf32>) {
  ^bb0(%in: f32, %o: f32):
    linalg.yield %in : f32
  }
  return
}
func.func private @stencil(%x: memref<8x8xf32>, %y: memref<8x8xf32>) attributes {aicc.kernel = "elementwise"} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c7 = arith.constant 7 : index
  scf.for %i = %c0 to %c7 step %c1 {
    %next = arith.addi %i, %c1 : index
    %v = vector.load %x[%i, %c0] : memref<8x8xf32>, vector<8xf32>
    %w = vector.load %x[%next, %c0] : memref<8x8xf32>, vector<8xf32>
    %s = arith.addf %v, %w : vector<8xf32>
    vector.store %s, %y[%next, %c0] : memref<8x8xf32>, vector<8xf32>
  }
  return
}
func.func private @twice(%x: memref<8x8xf32>, %y: memref<8x8xf32>) attributes {aicc.kernel = "elementwise"} {
  linalg.generic {indexing_maps = [affine_map<(a, b) -> (a, b)>, affine_map<(a, b) -> (a, b)>],
                  iterator_types = ["parallel", "parallel"]}
      ins(%x : memref<8x8xf32>) outs(%y : memref<8x8xf32>) {
  ^bb0(%in: f32, %o: f32):
    %s = arith.addf %in, %in : f32
    linalg.yield %s : f32
  }
  return
}
func.func private @late(%x: memref<8x8xf32>, %y: memref<8x8xf32>) attributes {aicc.kernel = "elementwise"} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c8 = arith.constant 8 : index
  %zero = arith.constant dense<0.0> : vector<8xf32>
  scf.for %i = %c0 to %c8 step %c1 {
    vector.store %zero, %y[%i, %c0] : memref<8x8xf32>, vector<8xf32>
    %v = vector.load %x[%i, %c0] : memref<8x8xf32>, vector<8xf32>
    vector.store %v, %y[%i, %c0] : memref<8x8xf32>, vector<8xf32>
  }
  return
}
func.func private @sums(%x: memref<8x8xf32>, %y: memref<8x8xf32>) attributes {aicc.kernel = "reduction"} {
  linalg.generic {indexing_maps = [affine_map<(a, b, c) -> (a, c)>, affine_map<(a, b, c) -> (a, b)>],
                  iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%x : memref<8x8xf32>) outs(%y : memref<8x8xf32>) {
  ^bb0(%in: f32, %o: f32):
    %s = arith.addf %in, %o : f32
    linalg.yield %s : f32
  }
  return
}
