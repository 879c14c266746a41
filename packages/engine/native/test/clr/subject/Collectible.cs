using System;
using System.Reflection;
using System.Reflection.Emit;

namespace Subject;

/// A type that could be unloaded: the runtime keeps it in heaps of its own load context.
internal static class Collectible
{
    private static object? s_kept;

    internal static void Build()
    {
        var assembly = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("Made"), AssemblyBuilderAccess.RunAndCollect);
        Type type = assembly.DefineDynamicModule("made").DefineType("Made.Thing", TypeAttributes.Public).CreateType()!;
        s_kept = Activator.CreateInstance(type);
        Console.WriteLine($"count collectible-type {type.TypeHandle.Value}");
        Console.WriteLine($"count usual-type {typeof(Marker).TypeHandle.Value}");
    }
}
