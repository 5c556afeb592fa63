module {
  irdl.dialect @graph {
    irdl.operation @attention {
      %0 = irdl.base "!builtin.tensor" 
      %1 = irdl.base "!builtin.tensor" 
      %2 = irdl.base "!builtin.tensor" 
      %3 = irdl.base "!builtin.tensor" 
      irdl.operands(q: %0, k: %1, v: %2, mask: optional %3)
      %4 = irdl.base "!builtin.tensor" 
      irdl.results(y: %4)
    }
    irdl.operation @region_yield {
      %0 = irdl.base "!builtin.tensor" 
      %1 = irdl.base "!builtin.tensor" 
      %2 = irdl.base "!builtin.tensor" 
      %3 = irdl.base "!builtin.tensor" 
      %4 = irdl.base "!builtin.tensor" 
      %5 = irdl.base "!builtin.tensor" 
      %6 = irdl.base "!builtin.tensor" 
      %7 = irdl.base "!builtin.tensor" 
      %8 = irdl.base "!builtin.tensor" 
      %9 = irdl.base "!builtin.tensor" 
      %10 = irdl.base "!builtin.tensor" 
      %11 = irdl.base "!builtin.tensor" 
      %12 = irdl.base "!builtin.tensor" 
      %13 = irdl.base "!builtin.tensor" 
      %14 = irdl.base "!builtin.tensor" 
      %15 = irdl.base "!builtin.tensor" 
      irdl.operands(v0: optional %0, v1: optional %1, v2: optional %2, v3: optional %3, v4: optional %4, v5: optional %5, v6: optional %6, v7: optional %7, v8: optional %8, v9: optional %9, v10: optional %10, v11: optional %11, v12: optional %12, v13: optional %13, v14: optional %14, v15: optional %15)
    }
    irdl.operation @if {
      %0 = irdl.base "!builtin.tensor" 
      irdl.operands(condition: %0)
      %1 = irdl.base "!builtin.tensor" 
      %2 = irdl.base "!builtin.tensor" 
      %3 = irdl.base "!builtin.tensor" 
      %4 = irdl.base "!builtin.tensor" 
      %5 = irdl.base "!builtin.tensor" 
      %6 = irdl.base "!builtin.tensor" 
      %7 = irdl.base "!builtin.tensor" 
      %8 = irdl.base "!builtin.tensor" 
      %9 = irdl.base "!builtin.tensor" 
      %10 = irdl.base "!builtin.tensor" 
      %11 = irdl.base "!builtin.tensor" 
      %12 = irdl.base "!builtin.tensor" 
      %13 = irdl.base "!builtin.tensor" 
      %14 = irdl.base "!builtin.tensor" 
      %15 = irdl.base "!builtin.tensor" 
      %16 = irdl.base "!builtin.tensor" 
      irdl.results(y0: optional %1, y1: optional %2, y2: optional %3, y3: optional %4, y4: optional %5, y5: optional %6, y6: optional %7, y7: optional %8, y8: optional %9, y9: optional %10, y10: optional %11, y11: optional %12, y12: optional %13, y13: optional %14, y14: optional %15, y15: optional %16)
      %17 = irdl.region
      %18 = irdl.region
      irdl.regions(then_branch: %17, else_branch: %18)
    }
    irdl.operation @loop {
      %0 = irdl.base "!builtin.tensor" 
      %1 = irdl.base "!builtin.tensor" 
      %2 = irdl.base "!builtin.tensor" 
      %3 = irdl.base "!builtin.tensor" 
      %4 = irdl.base "!builtin.tensor" 
      %5 = irdl.base "!builtin.tensor" 
      %6 = irdl.base "!builtin.tensor" 
      %7 = irdl.base "!builtin.tensor" 
      %8 = irdl.base "!builtin.tensor" 
      %9 = irdl.base "!builtin.tensor" 
      %10 = irdl.base "!builtin.tensor" 
      %11 = irdl.base "!builtin.tensor" 
      %12 = irdl.base "!builtin.tensor" 
      %13 = irdl.base "!builtin.tensor" 
      %14 = irdl.base "!builtin.tensor" 
      %15 = irdl.base "!builtin.tensor" 
      %16 = irdl.base "!builtin.tensor" 
      %17 = irdl.base "!builtin.tensor" 
      irdl.operands(trip_count: %0, condition: %1, v0: optional %2, v1: optional %3, v2: optional %4, v3: optional %5, v4: optional %6, v5: optional %7, v6: optional %8, v7: optional %9, v8: optional %10, v9: optional %11, v10: optional %12, v11: optional %13, v12: optional %14, v13: optional %15, v14: optional %16, v15: optional %17)
      %18 = irdl.base "!builtin.tensor" 
      %19 = irdl.base "!builtin.tensor" 
      %20 = irdl.base "!builtin.tensor" 
      %21 = irdl.base "!builtin.tensor" 
      %22 = irdl.base "!builtin.tensor" 
      %23 = irdl.base "!builtin.tensor" 
      %24 = irdl.base "!builtin.tensor" 
      %25 = irdl.base "!builtin.tensor" 
      %26 = irdl.base "!builtin.tensor" 
      %27 = irdl.base "!builtin.tensor" 
      %28 = irdl.base "!builtin.tensor" 
      %29 = irdl.base "!builtin.tensor" 
      %30 = irdl.base "!builtin.tensor" 
      %31 = irdl.base "!builtin.tensor" 
      %32 = irdl.base "!builtin.tensor" 
      %33 = irdl.base "!builtin.tensor" 
      irdl.results(y0: optional %18, y1: optional %19, y2: optional %20, y3: optional %21, y4: optional %22, y5: optional %23, y6: optional %24, y7: optional %25, y8: optional %26, y9: optional %27, y10: optional %28, y11: optional %29, y12: optional %30, y13: optional %31, y14: optional %32, y15: optional %33)
      %34 = irdl.region
      irdl.regions(body: %34)
    }
    irdl.operation @scan {
      %0 = irdl.base "!builtin.tensor" 
      %1 = irdl.base "!builtin.tensor" 
      %2 = irdl.base "!builtin.tensor" 
      %3 = irdl.base "!builtin.tensor" 
      %4 = irdl.base "!builtin.tensor" 
      %5 = irdl.base "!builtin.tensor" 
      %6 = irdl.base "!builtin.tensor" 
      %7 = irdl.base "!builtin.tensor" 
      %8 = irdl.base "!builtin.tensor" 
      %9 = irdl.base "!builtin.tensor" 
      %10 = irdl.base "!builtin.tensor" 
      %11 = irdl.base "!builtin.tensor" 
      %12 = irdl.base "!builtin.tensor" 
      %13 = irdl.base "!builtin.tensor" 
      %14 = irdl.base "!builtin.tensor" 
      %15 = irdl.base "!builtin.tensor" 
      irdl.operands(v0: optional %0, v1: optional %1, v2: optional %2, v3: optional %3, v4: optional %4, v5: optional %5, v6: optional %6, v7: optional %7, v8: optional %8, v9: optional %9, v10: optional %10, v11: optional %11, v12: optional %12, v13: optional %13, v14: optional %14, v15: optional %15)
      %16 = irdl.base "!builtin.tensor" 
      %17 = irdl.base "!builtin.tensor" 
      %18 = irdl.base "!builtin.tensor" 
      %19 = irdl.base "!builtin.tensor" 
      %20 = irdl.base "!builtin.tensor" 
      %21 = irdl.base "!builtin.tensor" 
      %22 = irdl.base "!builtin.tensor" 
      %23 = irdl.base "!builtin.tensor" 
      %24 = irdl.base "!builtin.tensor" 
      %25 = irdl.base "!builtin.tensor" 
      %26 = irdl.base "!builtin.tensor" 
      %27 = irdl.base "!builtin.tensor" 
      %28 = irdl.base "!builtin.tensor" 
      %29 = irdl.base "!builtin.tensor" 
      %30 = irdl.base "!builtin.tensor" 
      %31 = irdl.base "!builtin.tensor" 
      irdl.results(y0: optional %16, y1: optional %17, y2: optional %18, y3: optional %19, y4: optional %20, y5: optional %21, y6: optional %22, y7: optional %23, y8: optional %24, y9: optional %25, y10: optional %26, y11: optional %27, y12: optional %28, y13: optional %29, y14: optional %30, y15: optional %31)
      %32 = irdl.region
      irdl.regions(body: %32)
    }
    irdl.operation @matmul {
      %0 = irdl.base "!builtin.tensor" 
      %1 = irdl.base "!builtin.tensor" 
      irdl.operands(lhs: %0, rhs: %1)
      %2 = irdl.base "!builtin.tensor" 
      irdl.results(y: %2)
    }
    irdl.operation @conv {
      %0 = irdl.base "!builtin.tensor" 
      %1 = irdl.base "!builtin.tensor" 
      %2 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0, w: %1, bias: optional %2)
      %3 = irdl.base "!builtin.tensor" 
      irdl.results(y: %3)
    }
    irdl.operation @conv_transpose {
      %0 = irdl.base "!builtin.tensor" 
      %1 = irdl.base "!builtin.tensor" 
      %2 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0, w: %1, bias: optional %2)
      %3 = irdl.base "!builtin.tensor" 
      irdl.results(y: %3)
    }
    irdl.operation @deform_columns {
      %0 = irdl.base "!builtin.tensor" 
      %1 = irdl.base "!builtin.tensor" 
      %2 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0, offset: %1, mask: optional %2)
      %3 = irdl.base "!builtin.tensor" 
      irdl.results(y: %3)
    }
    irdl.operation @abs {
      %0 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0)
      %1 = irdl.base "!builtin.tensor" 
      irdl.results(y: %1)
    }
    irdl.operation @neg {
      %0 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0)
      %1 = irdl.base "!builtin.tensor" 
      irdl.results(y: %1)
    }
    irdl.operation @sign {
      %0 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0)
      %1 = irdl.base "!builtin.tensor" 
      irdl.results(y: %1)
    }
    irdl.operation @exp {
      %0 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0)
      %1 = irdl.base "!builtin.tensor" 
      irdl.results(y: %1)
    }
    irdl.operation @log {
      %0 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0)
      %1 = irdl.base "!builtin.tensor" 
      irdl.results(y: %1)
    }
    irdl.operation @sqrt {
      %0 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0)
      %1 = irdl.base "!builtin.tensor" 
      irdl.results(y: %1)
    }
    irdl.operation @rsqrt {
      %0 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0)
      %1 = irdl.base "!builtin.tensor" 
      irdl.results(y: %1)
    }
    irdl.operation @reciprocal {
      %0 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0)
      %1 = irdl.base "!builtin.tensor" 
      irdl.results(y: %1)
    }
    irdl.operation @floor {
      %0 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0)
      %1 = irdl.base "!builtin.tensor" 
      irdl.results(y: %1)
    }
    irdl.operation @ceil {
      %0 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0)
      %1 = irdl.base "!builtin.tensor" 
      irdl.results(y: %1)
    }
    irdl.operation @round {
      %0 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0)
      %1 = irdl.base "!builtin.tensor" 
      irdl.results(y: %1)
    }
    irdl.operation @sin {
      %0 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0)
      %1 = irdl.base "!builtin.tensor" 
      irdl.results(y: %1)
    }
    irdl.operation @cos {
      %0 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0)
      %1 = irdl.base "!builtin.tensor" 
      irdl.results(y: %1)
    }
    irdl.operation @tan {
      %0 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0)
      %1 = irdl.base "!builtin.tensor" 
      irdl.results(y: %1)
    }
    irdl.operation @asin {
      %0 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0)
      %1 = irdl.base "!builtin.tensor" 
      irdl.results(y: %1)
    }
    irdl.operation @acos {
      %0 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0)
      %1 = irdl.base "!builtin.tensor" 
      irdl.results(y: %1)
    }
    irdl.operation @atan {
      %0 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0)
      %1 = irdl.base "!builtin.tensor" 
      irdl.results(y: %1)
    }
    irdl.operation @sinh {
      %0 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0)
      %1 = irdl.base "!builtin.tensor" 
      irdl.results(y: %1)
    }
    irdl.operation @cosh {
      %0 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0)
      %1 = irdl.base "!builtin.tensor" 
      irdl.results(y: %1)
    }
    irdl.operation @tanh {
      %0 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0)
      %1 = irdl.base "!builtin.tensor" 
      irdl.results(y: %1)
    }
    irdl.operation @asinh {
      %0 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0)
      %1 = irdl.base "!builtin.tensor" 
      irdl.results(y: %1)
    }
    irdl.operation @acosh {
      %0 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0)
      %1 = irdl.base "!builtin.tensor" 
      irdl.results(y: %1)
    }
    irdl.operation @atanh {
      %0 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0)
      %1 = irdl.base "!builtin.tensor" 
      irdl.results(y: %1)
    }
    irdl.operation @erf {
      %0 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0)
      %1 = irdl.base "!builtin.tensor" 
      irdl.results(y: %1)
    }
    irdl.operation @relu {
      %0 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0)
      %1 = irdl.base "!builtin.tensor" 
      irdl.results(y: %1)
    }
    irdl.operation @sigmoid {
      %0 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0)
      %1 = irdl.base "!builtin.tensor" 
      irdl.results(y: %1)
    }
    irdl.operation @hard_sigmoid {
      %0 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0)
      %1 = irdl.base "!builtin.tensor" 
      irdl.results(y: %1)
    }
    irdl.operation @hard_swish {
      %0 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0)
      %1 = irdl.base "!builtin.tensor" 
      irdl.results(y: %1)
    }
    irdl.operation @leaky_relu {
      %0 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0)
      %1 = irdl.base "!builtin.tensor" 
      irdl.results(y: %1)
    }
    irdl.operation @elu {
      %0 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0)
      %1 = irdl.base "!builtin.tensor" 
      irdl.results(y: %1)
    }
    irdl.operation @gelu {
      %0 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0)
      %1 = irdl.base "!builtin.tensor" 
      irdl.results(y: %1)
    }
    irdl.operation @softplus {
      %0 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0)
      %1 = irdl.base "!builtin.tensor" 
      irdl.results(y: %1)
    }
    irdl.operation @mish {
      %0 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0)
      %1 = irdl.base "!builtin.tensor" 
      irdl.results(y: %1)
    }
    irdl.operation @not {
      %0 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0)
      %1 = irdl.base "!builtin.tensor" 
      irdl.results(y: %1)
    }
    irdl.operation @bitwise_not {
      %0 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0)
      %1 = irdl.base "!builtin.tensor" 
      irdl.results(y: %1)
    }
    irdl.operation @is_nan {
      %0 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0)
      %1 = irdl.base "!builtin.tensor" 
      irdl.results(y: %1)
    }
    irdl.operation @is_inf {
      %0 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0)
      %1 = irdl.base "!builtin.tensor" 
      irdl.results(y: %1)
    }
    irdl.operation @add {
      %0 = irdl.base "!builtin.tensor" 
      %1 = irdl.base "!builtin.tensor" 
      irdl.operands(lhs: %0, rhs: %1)
      %2 = irdl.base "!builtin.tensor" 
      irdl.results(y: %2)
    }
    irdl.operation @sub {
      %0 = irdl.base "!builtin.tensor" 
      %1 = irdl.base "!builtin.tensor" 
      irdl.operands(lhs: %0, rhs: %1)
      %2 = irdl.base "!builtin.tensor" 
      irdl.results(y: %2)
    }
    irdl.operation @mul {
      %0 = irdl.base "!builtin.tensor" 
      %1 = irdl.base "!builtin.tensor" 
      irdl.operands(lhs: %0, rhs: %1)
      %2 = irdl.base "!builtin.tensor" 
      irdl.results(y: %2)
    }
    irdl.operation @div {
      %0 = irdl.base "!builtin.tensor" 
      %1 = irdl.base "!builtin.tensor" 
      irdl.operands(lhs: %0, rhs: %1)
      %2 = irdl.base "!builtin.tensor" 
      irdl.results(y: %2)
    }
    irdl.operation @mod {
      %0 = irdl.base "!builtin.tensor" 
      %1 = irdl.base "!builtin.tensor" 
      irdl.operands(lhs: %0, rhs: %1)
      %2 = irdl.base "!builtin.tensor" 
      irdl.results(y: %2)
    }
    irdl.operation @fmod {
      %0 = irdl.base "!builtin.tensor" 
      %1 = irdl.base "!builtin.tensor" 
      irdl.operands(lhs: %0, rhs: %1)
      %2 = irdl.base "!builtin.tensor" 
      irdl.results(y: %2)
    }
    irdl.operation @pow {
      %0 = irdl.base "!builtin.tensor" 
      %1 = irdl.base "!builtin.tensor" 
      irdl.operands(lhs: %0, rhs: %1)
      %2 = irdl.base "!builtin.tensor" 
      irdl.results(y: %2)
    }
    irdl.operation @maximum {
      %0 = irdl.base "!builtin.tensor" 
      %1 = irdl.base "!builtin.tensor" 
      irdl.operands(lhs: %0, rhs: %1)
      %2 = irdl.base "!builtin.tensor" 
      irdl.results(y: %2)
    }
    irdl.operation @minimum {
      %0 = irdl.base "!builtin.tensor" 
      %1 = irdl.base "!builtin.tensor" 
      irdl.operands(lhs: %0, rhs: %1)
      %2 = irdl.base "!builtin.tensor" 
      irdl.results(y: %2)
    }
    irdl.operation @and {
      %0 = irdl.base "!builtin.tensor" 
      %1 = irdl.base "!builtin.tensor" 
      irdl.operands(lhs: %0, rhs: %1)
      %2 = irdl.base "!builtin.tensor" 
      irdl.results(y: %2)
    }
    irdl.operation @or {
      %0 = irdl.base "!builtin.tensor" 
      %1 = irdl.base "!builtin.tensor" 
      irdl.operands(lhs: %0, rhs: %1)
      %2 = irdl.base "!builtin.tensor" 
      irdl.results(y: %2)
    }
    irdl.operation @xor {
      %0 = irdl.base "!builtin.tensor" 
      %1 = irdl.base "!builtin.tensor" 
      irdl.operands(lhs: %0, rhs: %1)
      %2 = irdl.base "!builtin.tensor" 
      irdl.results(y: %2)
    }
    irdl.operation @bitwise_and {
      %0 = irdl.base "!builtin.tensor" 
      %1 = irdl.base "!builtin.tensor" 
      irdl.operands(lhs: %0, rhs: %1)
      %2 = irdl.base "!builtin.tensor" 
      irdl.results(y: %2)
    }
    irdl.operation @bitwise_or {
      %0 = irdl.base "!builtin.tensor" 
      %1 = irdl.base "!builtin.tensor" 
      irdl.operands(lhs: %0, rhs: %1)
      %2 = irdl.base "!builtin.tensor" 
      irdl.results(y: %2)
    }
    irdl.operation @bitwise_xor {
      %0 = irdl.base "!builtin.tensor" 
      %1 = irdl.base "!builtin.tensor" 
      irdl.operands(lhs: %0, rhs: %1)
      %2 = irdl.base "!builtin.tensor" 
      irdl.results(y: %2)
    }
    irdl.operation @shift_left {
      %0 = irdl.base "!builtin.tensor" 
      %1 = irdl.base "!builtin.tensor" 
      irdl.operands(lhs: %0, rhs: %1)
      %2 = irdl.base "!builtin.tensor" 
      irdl.results(y: %2)
    }
    irdl.operation @shift_right {
      %0 = irdl.base "!builtin.tensor" 
      %1 = irdl.base "!builtin.tensor" 
      irdl.operands(lhs: %0, rhs: %1)
      %2 = irdl.base "!builtin.tensor" 
      irdl.results(y: %2)
    }
    irdl.operation @equal {
      %0 = irdl.base "!builtin.tensor" 
      %1 = irdl.base "!builtin.tensor" 
      irdl.operands(lhs: %0, rhs: %1)
      %2 = irdl.base "!builtin.tensor" 
      irdl.results(y: %2)
    }
    irdl.operation @less {
      %0 = irdl.base "!builtin.tensor" 
      %1 = irdl.base "!builtin.tensor" 
      irdl.operands(lhs: %0, rhs: %1)
      %2 = irdl.base "!builtin.tensor" 
      irdl.results(y: %2)
    }
    irdl.operation @less_equal {
      %0 = irdl.base "!builtin.tensor" 
      %1 = irdl.base "!builtin.tensor" 
      irdl.operands(lhs: %0, rhs: %1)
      %2 = irdl.base "!builtin.tensor" 
      irdl.results(y: %2)
    }
    irdl.operation @greater {
      %0 = irdl.base "!builtin.tensor" 
      %1 = irdl.base "!builtin.tensor" 
      irdl.operands(lhs: %0, rhs: %1)
      %2 = irdl.base "!builtin.tensor" 
      irdl.results(y: %2)
    }
    irdl.operation @greater_equal {
      %0 = irdl.base "!builtin.tensor" 
      %1 = irdl.base "!builtin.tensor" 
      irdl.operands(lhs: %0, rhs: %1)
      %2 = irdl.base "!builtin.tensor" 
      irdl.results(y: %2)
    }
    irdl.operation @quantize {
      %0 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0)
      %1 = irdl.base "!builtin.tensor" 
      irdl.results(y: %1)
    }
    irdl.operation @dequantize {
      %0 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0)
      %1 = irdl.base "!builtin.tensor" 
      irdl.results(y: %1)
    }
    irdl.operation @snap {
      %0 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0)
      %1 = irdl.base "!builtin.tensor" 
      irdl.results(y: %1)
    }
    irdl.operation @where {
      %0 = irdl.base "!builtin.tensor" 
      %1 = irdl.base "!builtin.tensor" 
      %2 = irdl.base "!builtin.tensor" 
      irdl.operands(condition: %0, x: %1, other: %2)
      %3 = irdl.base "!builtin.tensor" 
      irdl.results(y: %3)
    }
    irdl.operation @cast {
      %0 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0)
      %1 = irdl.base "!builtin.tensor" 
      irdl.results(y: %1)
    }
    irdl.operation @gather {
      %0 = irdl.base "!builtin.tensor" 
      %1 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0, indices: %1)
      %2 = irdl.base "!builtin.tensor" 
      irdl.results(y: %2)
    }
    irdl.operation @gather_elements {
      %0 = irdl.base "!builtin.tensor" 
      %1 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0, indices: %1)
      %2 = irdl.base "!builtin.tensor" 
      irdl.results(y: %2)
    }
    irdl.operation @gather_nd {
      %0 = irdl.base "!builtin.tensor" 
      %1 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0, indices: %1)
      %2 = irdl.base "!builtin.tensor" 
      irdl.results(y: %2)
    }
    irdl.operation @scatter_elements {
      %0 = irdl.base "!builtin.tensor" 
      %1 = irdl.base "!builtin.tensor" 
      %2 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0, indices: %1, updates: %2)
      %3 = irdl.base "!builtin.tensor" 
      irdl.results(y: %3)
    }
    irdl.operation @scatter_nd {
      %0 = irdl.base "!builtin.tensor" 
      %1 = irdl.base "!builtin.tensor" 
      %2 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0, indices: %1, updates: %2)
      %3 = irdl.base "!builtin.tensor" 
      irdl.results(y: %3)
    }
    irdl.operation @reverse_sequence {
      %0 = irdl.base "!builtin.tensor" 
      %1 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0, lengths: %1)
      %2 = irdl.base "!builtin.tensor" 
      irdl.results(y: %2)
    }
    irdl.operation @top_k {
      %0 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0)
      %1 = irdl.base "!builtin.tensor" 
      %2 = irdl.base "!builtin.tensor" 
      irdl.results(values: %1, indices: %2)
    }
    irdl.operation @determinant {
      %0 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0)
      %1 = irdl.base "!builtin.tensor" 
      irdl.results(y: %1)
    }
    irdl.operation @reshape {
      %0 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0)
      %1 = irdl.base "!builtin.tensor" 
      irdl.results(y: %1)
    }
    irdl.operation @transpose {
      %0 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0)
      %1 = irdl.base "!builtin.tensor" 
      irdl.results(y: %1)
    }
    irdl.operation @expand {
      %0 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0)
      %1 = irdl.base "!builtin.tensor" 
      irdl.results(y: %1)
    }
    irdl.operation @slice {
      %0 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0)
      %1 = irdl.base "!builtin.tensor" 
      irdl.results(y: %1)
    }
    irdl.operation @concat {
      %0 = irdl.base "!builtin.tensor" 
      %1 = irdl.base "!builtin.tensor" 
      %2 = irdl.base "!builtin.tensor" 
      %3 = irdl.base "!builtin.tensor" 
      %4 = irdl.base "!builtin.tensor" 
      %5 = irdl.base "!builtin.tensor" 
      %6 = irdl.base "!builtin.tensor" 
      %7 = irdl.base "!builtin.tensor" 
      %8 = irdl.base "!builtin.tensor" 
      %9 = irdl.base "!builtin.tensor" 
      %10 = irdl.base "!builtin.tensor" 
      %11 = irdl.base "!builtin.tensor" 
      %12 = irdl.base "!builtin.tensor" 
      %13 = irdl.base "!builtin.tensor" 
      %14 = irdl.base "!builtin.tensor" 
      %15 = irdl.base "!builtin.tensor" 
      irdl.operands(x0: %0, x1: optional %1, x2: optional %2, x3: optional %3, x4: optional %4, x5: optional %5, x6: optional %6, x7: optional %7, x8: optional %8, x9: optional %9, x10: optional %10, x11: optional %11, x12: optional %12, x13: optional %13, x14: optional %14, x15: optional %15)
      %16 = irdl.base "!builtin.tensor" 
      irdl.results(y: %16)
    }
    irdl.operation @pad {
      %0 = irdl.base "!builtin.tensor" 
      %1 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0, value: %1)
      %2 = irdl.base "!builtin.tensor" 
      irdl.results(y: %2)
    }
    irdl.operation @max_pool {
      %0 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0)
      %1 = irdl.base "!builtin.tensor" 
      irdl.results(y: %1)
    }
    irdl.operation @average_pool {
      %0 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0)
      %1 = irdl.base "!builtin.tensor" 
      irdl.results(y: %1)
    }
    irdl.operation @max_pool_indices {
      %0 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0)
      %1 = irdl.base "!builtin.tensor" 
      irdl.results(y: %1)
    }
    irdl.operation @random_uniform {
      %0 = irdl.base "!builtin.tensor" 
      irdl.results(y: %0)
    }
    irdl.operation @lstm {
      %0 = irdl.base "!builtin.tensor" 
      %1 = irdl.base "!builtin.tensor" 
      %2 = irdl.base "!builtin.tensor" 
      %3 = irdl.base "!builtin.tensor" 
      %4 = irdl.base "!builtin.tensor" 
      %5 = irdl.base "!builtin.tensor" 
      irdl.operands(gates: %0, r: %1, h0: %2, c0: %3, peephole: optional %4, lengths: optional %5)
      %6 = irdl.base "!builtin.tensor" 
      %7 = irdl.base "!builtin.tensor" 
      %8 = irdl.base "!builtin.tensor" 
      irdl.results(y: %6, h: %7, c: %8)
    }
    irdl.operation @gru {
      %0 = irdl.base "!builtin.tensor" 
      %1 = irdl.base "!builtin.tensor" 
      %2 = irdl.base "!builtin.tensor" 
      %3 = irdl.base "!builtin.tensor" 
      %4 = irdl.base "!builtin.tensor" 
      irdl.operands(gates: %0, r: %1, h0: %2, bias: optional %3, lengths: optional %4)
      %5 = irdl.base "!builtin.tensor" 
      %6 = irdl.base "!builtin.tensor" 
      irdl.results(y: %5, h: %6)
    }
    irdl.operation @rnn {
      %0 = irdl.base "!builtin.tensor" 
      %1 = irdl.base "!builtin.tensor" 
      %2 = irdl.base "!builtin.tensor" 
      %3 = irdl.base "!builtin.tensor" 
      irdl.operands(gates: %0, r: %1, h0: %2, lengths: optional %3)
      %4 = irdl.base "!builtin.tensor" 
      %5 = irdl.base "!builtin.tensor" 
      irdl.results(y: %4, h: %5)
    }
    irdl.operation @reduce_sum {
      %0 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0)
      %1 = irdl.base "!builtin.tensor" 
      irdl.results(y: %1)
    }
    irdl.operation @reduce_mean {
      %0 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0)
      %1 = irdl.base "!builtin.tensor" 
      irdl.results(y: %1)
    }
    irdl.operation @reduce_max {
      %0 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0)
      %1 = irdl.base "!builtin.tensor" 
      irdl.results(y: %1)
    }
    irdl.operation @reduce_min {
      %0 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0)
      %1 = irdl.base "!builtin.tensor" 
      irdl.results(y: %1)
    }
    irdl.operation @reduce_prod {
      %0 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0)
      %1 = irdl.base "!builtin.tensor" 
      irdl.results(y: %1)
    }
    irdl.operation @arg_max {
      %0 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0)
      %1 = irdl.base "!builtin.tensor" 
      irdl.results(y: %1)
    }
    irdl.operation @arg_min {
      %0 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0)
      %1 = irdl.base "!builtin.tensor" 
      irdl.results(y: %1)
    }
    irdl.operation @cumsum {
      %0 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0)
      %1 = irdl.base "!builtin.tensor" 
      irdl.results(y: %1)
    }
    irdl.operation @cumprod {
      %0 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0)
      %1 = irdl.base "!builtin.tensor" 
      irdl.results(y: %1)
    }
    irdl.operation @softmax {
      %0 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0)
      %1 = irdl.base "!builtin.tensor" 
      irdl.results(y: %1)
    }
    irdl.operation @batch_norm {
      %0 = irdl.base "!builtin.tensor" 
      %1 = irdl.base "!builtin.tensor" 
      %2 = irdl.base "!builtin.tensor" 
      %3 = irdl.base "!builtin.tensor" 
      %4 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0, scale: %1, bias: %2, mean: %3, variance: %4)
      %5 = irdl.base "!builtin.tensor" 
      irdl.results(y: %5)
    }
    irdl.operation @layer_norm {
      %0 = irdl.base "!builtin.tensor" 
      %1 = irdl.base "!builtin.tensor" 
      %2 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0, scale: %1, bias: optional %2)
      %3 = irdl.base "!builtin.tensor" 
      irdl.results(y: %3)
    }
    irdl.operation @instance_norm {
      %0 = irdl.base "!builtin.tensor" 
      %1 = irdl.base "!builtin.tensor" 
      %2 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0, scale: %1, bias: %2)
      %3 = irdl.base "!builtin.tensor" 
      irdl.results(y: %3)
    }
    irdl.operation @region_max_pool {
      %0 = irdl.base "!builtin.tensor" 
      %1 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0, rois: %1)
      %2 = irdl.base "!builtin.tensor" 
      irdl.results(y: %2)
    }
    irdl.operation @interpolate {
      %0 = irdl.base "!builtin.tensor" 
      %1 = irdl.base "!builtin.tensor" 
      %2 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0, positions: %1, weights: %2)
      %3 = irdl.base "!builtin.tensor" 
      irdl.results(y: %3)
    }
    irdl.operation @grid_sample {
      %0 = irdl.base "!builtin.tensor" 
      %1 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0, grid: %1)
      %2 = irdl.base "!builtin.tensor" 
      irdl.results(y: %2)
    }
    irdl.operation @roi_align {
      %0 = irdl.base "!builtin.tensor" 
      %1 = irdl.base "!builtin.tensor" 
      %2 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0, rois: %1, batches: %2)
      %3 = irdl.base "!builtin.tensor" 
      irdl.results(y: %3)
    }
    irdl.operation @decode_float {
      %0 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0)
      %1 = irdl.base "!builtin.tensor" 
      irdl.results(y: %1)
    }
    irdl.operation @encode_float {
      %0 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0)
      %1 = irdl.base "!builtin.tensor" 
      irdl.results(y: %1)
    }
    irdl.operation @bitcast {
      %0 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0)
      %1 = irdl.base "!builtin.tensor" 
      irdl.results(y: %1)
    }
    irdl.operation @constant {
      %0 = irdl.base "!builtin.tensor" 
      irdl.results(y: %0)
    }
    irdl.operation @yield {
      %0 = irdl.any
      irdl.operands(values: variadic %0)
    }
    irdl.operation @group {
      %0 = irdl.base "!builtin.tensor" 
      irdl.results(outputs: variadic %0)
      %1 = irdl.region
      irdl.regions(body: %1)
    }
    irdl.operation @layout_cast {
      %0 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0)
      %1 = irdl.base "!builtin.tensor" 
      irdl.results(y: %1)
    }
    irdl.operation @lookup {
      %0 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0)
      %1 = irdl.base "!builtin.tensor" 
      irdl.results(y: %1)
    }
    irdl.operation @tree_walk {
      %0 = irdl.base "!builtin.tensor" 
      %1 = irdl.base "!builtin.tensor" 
      %2 = irdl.base "!builtin.tensor" 
      %3 = irdl.base "!builtin.tensor" 
      %4 = irdl.base "!builtin.tensor" 
      %5 = irdl.base "!builtin.tensor" 
      %6 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0, features: %1, thresholds: %2, relations: %3, yes: %4, no: %5, roots: %6)
      %7 = irdl.base "!builtin.tensor" 
      irdl.results(y: %7)
    }
    irdl.operation @winograd_conv {
      %0 = irdl.base "!builtin.tensor" 
      %1 = irdl.base "!builtin.tensor" 
      %2 = irdl.base "!builtin.tensor" 
      irdl.operands(x: %0, w: %1, bias: optional %2)
      %3 = irdl.base "!builtin.tensor" 
      irdl.results(y: %3)
    }
  }
}

