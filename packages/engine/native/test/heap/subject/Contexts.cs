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

/// An object each of many types made at run time.
internal static class Generated
{
    internal static void Build(int count)
    {
        var assembly = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("Generated"), AssemblyBuilderAccess.Run);
        ModuleBuilder module = assembly.DefineDynamicModule("Generated");
        for (int i = 0; i < count; i++)
        {
            TypeBuilder type = module.DefineType("Generated.Type" + i, TypeAttributes.Public);
            type.DefineField("Self", typeof(object), FieldAttributes.Public);
            Store.Keep(Activator.CreateInstance(type.CreateType())!);
        }
    }
}
