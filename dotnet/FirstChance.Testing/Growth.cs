using System;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;

namespace FirstChance.Testing;

/// <summary>Finds out whether this process grows with an operation.</summary>
public static class Growth
{
    /// <summary>
    /// Repeats the operation until it is certain whether the process grows with it. Without a session of firstchance the test is
    /// skipped, or, where the framework cannot, passes with a line on the console.
    /// </summary>
    /// <param name="operation">One operation; it is called some hundred times, one after the other.</param>
    /// <param name="options">As of <c>firstchance check</c>; what is null is the session's.</param>
    /// <param name="cancellation">Ends the check.</param>
    /// <param name="name">Of the check in results and baselines; the calling method's.</param>
    /// <exception cref="GrowthException">It grows, or that could not be found out.</exception>
    public static async Task ExpectNone(
        Func<Task> operation,
        GrowthOptions? options = null,
        CancellationToken cancellation = default,
        [CallerMemberName] string name = "operation")
    {
        if (operation is null)
        {
            throw new ArgumentNullException(nameof(operation));
        }
        var socket = SessionSocket.Find(Environment.GetEnvironmentVariable("FIRSTCHANCE_SESSION"), out var missing);
        if (socket is null)
        {
            Skip.Test($"not checked for growth: {missing}; run it below \"firstchance run -- dotnet test\"");
            return;
        }
        using var session = await SessionConnection.OpenAsync(socket, cancellation).ConfigureAwait(false);
        var check = await session.CheckAsync(operation, name, options ?? new GrowthOptions()).ConfigureAwait(false);
        cancellation.ThrowIfCancellationRequested();
        if (!check.Passed)
        {
            throw new GrowthException(check.Verdict, check.Text, check.Evidence);
        }
    }

    /// <inheritdoc cref="ExpectNone(Func{Task}, GrowthOptions?, CancellationToken, string)"/>
    public static Task ExpectNone(
        Action operation,
        GrowthOptions? options = null,
        CancellationToken cancellation = default,
        [CallerMemberName] string name = "operation")
    {
        if (operation is null)
        {
            throw new ArgumentNullException(nameof(operation));
        }
        return ExpectNone(
            () =>
            {
                operation();
                return Task.CompletedTask;
            },
            options,
            cancellation,
            name);
    }
}
