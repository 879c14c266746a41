using System;
using System.Threading.Tasks;
using Xunit;

namespace Suite;

public static class Calculator
{
    public static int Divide(int a, int b)
    {
        if (b == 0) throw new InvalidOperationException("division by zero in the program");
        return a / b;
    }
}

public class CalculatorTests
{
    [Fact] public void Passes() => Assert.Equal(2, Calculator.Divide(4, 2));
    [Fact] public void Throws() => Calculator.Divide(1, 0);
    [Fact] public void Expects() => Assert.Throws<InvalidOperationException>(() => Calculator.Divide(2, 0));
    [Fact(Skip = "not today")] public void Skipped() { }

    [Fact]
    public async Task Awaits()
    {
        await Task.Yield();
        Calculator.Divide(3, 0);
    }
}
