// Prints what the runtime's own stack traces say, for the tests to compare with: method token, IL offset, file, line, column.
using System.Diagnostics;
using System.Text.Json;

if (args is ["awaits"])
{
    await Awaits.Everywhere();
    Console.WriteLine(JsonSerializer.Serialize(Awaits.Stops));
    return;
}

var found = new List<Dictionary<string, object?>>();
foreach (Action action in new Action[]
{
    () => Sample.Plain(0),
    () => Sample.Multiline("a", null),
    () => _ = Sample.Property,
    () => Sample.Lambda(3),
    () => Sample.Async(2).GetAwaiter().GetResult(),
    () => Sample.Iterator().ToArray(),
    () => Sample.Mapped(),
    () => new Sample(7).ToString(),
    () => Generic<int>.Inner<string>.Throw(1, "x"),
})
{
    try
    {
        action();
    }
    catch (Exception exception)
    {
        Record(exception);
    }
}
Console.WriteLine(JsonSerializer.Serialize(found));

void Record(Exception exception)
{
    foreach (StackFrame frame in new StackTrace(exception, true).GetFrames())
    {
        var method = frame.GetMethod();
        if (method?.Module.Assembly != typeof(Sample).Assembly)
        {
            continue;
        }
        found.Add(new()
        {
            ["method"] = method.DeclaringType + "." + method.Name,
            ["token"] = method.MetadataToken,
            ["ilOffset"] = frame.GetILOffset(),
            ["file"] = frame.GetFileName(),
            ["line"] = frame.GetFileLineNumber(),
            ["column"] = frame.GetFileColumnNumber(),
        });
    }
}
