using System;

namespace FirstChance.Testing;

/// <summary>The process grows with an operation, or that could not be found out. The message is what a terminal would show.</summary>
public sealed class GrowthException : Exception
{
    internal GrowthException(string verdict, string text, string evidence)
        : base($"{text}{Environment.NewLine}evidence: {evidence}")
    {
        Verdict = verdict;
        Evidence = evidence;
    }

    /// <summary>LEAK, GROWS_WHILE_IDLE, INCONCLUSIVE or INFRASTRUCTURE_ERROR.</summary>
    public string Verdict { get; }

    /// <summary>Path of the file with all that was measured.</summary>
    public string Evidence { get; }
}
