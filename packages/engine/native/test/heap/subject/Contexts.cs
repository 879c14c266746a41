using System;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace Marks;

/// Used from collectible load contexts only.
public sealed class ContextObject
{
    public static ContextStatic? s_mark = new();
    [ThreadStatic] public static ContextThreadStatic? t_mark;
}
public sealed class ContextStatic { }
public sealed class ContextThreadStatic { }

internal static class Contexts
{
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void Build()
    {
        for (int i = 0; i < 5; i++)
        {
            var context = new AssemblyLoadContext("context " + i, isCollectible: true);
            Assembly assembly = context.LoadFromAssemblyPath(typeof(Contexts).Assembly.Location);
            Type type = assembly.GetType("Marks.ContextObject")!;
            for (int j = 0; j < 10; j++)
            {
                Store.Keep(Activator.CreateInstance(type)!);
            }
            type.GetField("t_mark")!.SetValue(null, Activator.CreateInstance(assembly.GetType("Marks.ContextThreadStatic")!));
        }
        Store.Truth("Marks.ContextObject", 50);
        Store.Truth("Marks.ContextStatic", 5);
        Store.Truth("Marks.ContextThreadStatic", 5);
    }
}

internal sealed class Digits<A, B, C, D, E> { }

/// An object each of many types: instances of a generic one, and some made by Reflection.Emit.
internal static class Generated
{
    private static readonly Type[] s_digits =
    {
        typeof(ListNode), typeof(Payload), typeof(Closure), typeof(StaticMark), typeof(StackMark),
        typeof(string), typeof(object), typeof(AsyncMark), typeof(TimerMark), typeof(LargeMark),
    };

    internal static void Build(int count)
    {
        for (int i = 0; i < count; i++)
        {
            Type type = typeof(Digits<,,,,>).MakeGenericType(Digit(i), Digit(i / 10), Digit(i / 100), Digit(i / 1000), Digit(i / 10_000));
            Store.Keep(Activator.CreateInstance(type)!);
        }
    }

    internal static void Emit(int count)
    {
        var assembly = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("Emitted"), AssemblyBuilderAccess.Run);
        ModuleBuilder module = assembly.DefineDynamicModule("Emitted");
        for (int i = 0; i < count; i++)
        {
            TypeBuilder type = module.DefineType("Emitted.Type" + i, TypeAttributes.Public);
            type.DefineField("Self", typeof(object), FieldAttributes.Public);
            Store.Keep(Activator.CreateInstance(type.CreateType())!);
        }
    }

    private static Type Digit(int number) => s_digits[number % 10];
}
