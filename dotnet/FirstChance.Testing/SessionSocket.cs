using System;
using System.IO;
using System.Text.Json;

namespace FirstChance.Testing;

/// <summary>Finds the socket of the session's server, by FIRSTCHANCE_SESSION and the session.json in that folder.</summary>
internal static class SessionSocket
{
    private const string Name = "server.sock";

    /// <summary>Null: there is none, and <paramref name="missing"/> says why.</summary>
    internal static string? Find(string? sessionFolder, out string missing)
    {
        missing = "FIRSTCHANCE_SESSION is not set";
        if (string.IsNullOrEmpty(sessionFolder))
        {
            return null;
        }
        // A session that shares its folder with another one is named by its private folder.
        var own = Path.Combine(sessionFolder!, Name);
        if (File.Exists(own))
        {
            return own;
        }
        missing = $"there is no session in {sessionFolder}";
        try
        {
            using var file = JsonDocument.Parse(File.ReadAllText(Path.Combine(sessionFolder!, "session.json")));
            if (file.RootElement.GetProperty("privateFolder").GetString() is not { } folder)
            {
                missing = $"the session in {sessionFolder} is over";
                return null;
            }
            var socket = Path.Combine(folder, Name);
            missing = $"the session in {sessionFolder} has no server";
            return File.Exists(socket) ? socket : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException or System.Collections.Generic.KeyNotFoundException)
        {
            return null;
        }
    }
}
