using System;
using System.Linq;
using System.Reflection;

namespace FirstChance.Testing;

/// <summary>Skips the test that runs, by the means of the framework that runs it; this library refers to none.</summary>
internal static class Skip
{
    /// <summary>xunit v3 takes an exception whose message begins like this for a skip (DynamicSkipToken).</summary>
    private const string XunitToken = "$XunitDynamicSkip$";

    internal static void Test(string message)
    {
        Call("nunit.framework", "NUnit.Framework.Assert", "Ignore", message);
        Call("MSTest.TestFramework", "Microsoft.VisualStudio.TestTools.UnitTesting.Assert", "Inconclusive", message);
        Call("Microsoft.VisualStudio.TestPlatform.TestFramework", "Microsoft.VisualStudio.TestTools.UnitTesting.Assert", "Inconclusive", message);
        if (Find("xunit.v3.core") is not null)
        {
            throw new InvalidOperationException(XunitToken + message);
        }
        Console.WriteLine(message);
    }

    /// <summary>Calls a method that throws its framework's own exception; does nothing where there is none.</summary>
    private static void Call(string assembly, string type, string method, string message)
    {
        var found = Find(assembly)?.GetType(type)?.GetMethods(BindingFlags.Public | BindingFlags.Static)
            .Where(one => one.Name == method)
            .OrderBy(one => one.GetParameters().Length)
            .FirstOrDefault(one => one.GetParameters().FirstOrDefault()?.ParameterType == typeof(string));
        if (found is null)
        {
            return;
        }
        var arguments = found.GetParameters().Select((one, at) => at == 0 ? message : one.HasDefaultValue ? one.DefaultValue : null);
        try
        {
            found.Invoke(null, arguments.ToArray());
        }
        catch (TargetInvocationException error) when (error.InnerException is { } skip)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(skip).Throw();
        }
    }

    private static Assembly? Find(string name) =>
        AppDomain.CurrentDomain.GetAssemblies().FirstOrDefault(one => one.GetName().Name == name);
}
