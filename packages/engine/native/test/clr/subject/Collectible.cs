using System;
using System.Reflection;
using System.Reflection.Emit;

namespace Subject;

/// A type that could be unloaded: the runtime keeps it in heaps of its own load context.
internal static class Collectible
{
    // Without an object of it: nobody could tell its name.
    private static Type? s_kept;

    internal static void Build()
    {
        var assembly = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("Made"), AssemblyBuilderAccess.RunAndCollect);
        Type type = assembly.DefineDynamicModule("made").DefineType("Made.Thing", TypeAttributes.Public).CreateType()!;
        s_kept = type;
        Console.WriteLine($"fact collectible-type {type.TypeHandle.Value}");
        Console.WriteLine($"fact usual-type {typeof(Marker).TypeHandle.Value}");
    }
}
