using System;
using System.Collections.Generic;
using System.Globalization;

namespace FirstChance.Testing;

/// <summary>How a growth check is done and judged; null leaves a value to the session's configuration.</summary>
public sealed class GrowthOptions
{
    /// <summary>Thorough instead of quick: finds slower growth, takes longer.</summary>
    public bool? Thorough { get; set; }

    /// <summary>Measured rounds.</summary>
    public int? Rounds { get; set; }

    /// <summary>Operations in a round.</summary>
    public int? Dose { get; set; }

    /// <summary>Operations of the one large dose that tells a leak from a cache below its limit.</summary>
    public int? Surge { get; set; }

    /// <summary>Growth that is allowed: "1KB/op".</summary>
    public string? Budget { get; set; }

    /// <summary>Time in which the program frees things by itself.</summary>
    public TimeSpan? Idle { get; set; }

    /// <summary>Of the order of rounds.</summary>
    public int? Seed { get; set; }

    /// <summary>False: no garbage collection is asked for.</summary>
    public bool? Collect { get; set; }

    /// <summary>False: it is not found out which code allocates what grows.</summary>
    public bool? Allocations { get; set; }

    /// <summary>True: it is also found out which stacks allocate native memory that grows, by standing in for malloc and mmap for some seconds.</summary>
    public bool? NativeStacks { get; set; }

    /// <summary>True: INCONCLUSIVE fails the test also in quick mode.</summary>
    public bool? FailWhenInconclusive { get; set; }

    /// <summary>As the session's server takes them: the growth group of the configuration file.</summary>
    internal Dictionary<string, object> ToRequest()
    {
        var request = new Dictionary<string, object>();
        void Add(string name, object? value)
        {
            if (value is not null)
            {
                request[name] = value;
            }
        }
        Add("thorough", Thorough);
        Add("rounds", Rounds);
        Add("dose", Dose);
        Add("surge", Surge);
        Add("budget", Budget);
        Add("idle", Idle is { } idle ? idle.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture) + "ms" : null);
        Add("seed", Seed);
        Add("gc", Collect);
        Add("allocations", Allocations);
        Add("nativeStacks", NativeStacks is { } stacks ? (stacks ? "on" : "off") : null);
        Add("onInconclusive", FailWhenInconclusive is { } fail ? (fail ? "fail" : "warn") : null);
        return request;
    }
}
