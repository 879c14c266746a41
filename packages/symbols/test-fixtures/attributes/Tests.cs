using System;

namespace Framework
{
    [AttributeUsage(AttributeTargets.Method)]
    public class TestAttribute : Attribute;

    /// <summary>A team's own kind of test.</summary>
    public class SlowTestAttribute : TestAttribute;

    [AttributeUsage(AttributeTargets.Method)]
    public class SetUpAttribute : Attribute;
}

namespace Suite
{
    using Framework;

    public class OrderTests
    {
        [SetUp]
        public void Prepares() { }

        [Test, Obsolete("two attributes")]
        public void Adds() { }

        [SlowTest]
        public void Waits() { }

        public void Helps() { }

        public class Inner
        {
            [Test]
            public void Nested() { }
        }
    }

    public abstract class Base<T>
    {
        [Test]
        public void Inherited() { }
    }

    public class Nothing;
}

public class Bare
{
    [Framework.Test]
    public void WithoutNamespace() { }
}
