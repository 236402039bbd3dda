namespace PatientResponse.Tests.Processes.HostileRequests;

/// <summary>A request that a browser would make.</summary>
/// <param name="Route">The route's own text.</param>
/// <param name="Fields">Of its form, filled in.</param>
/// <param name="Multipart">Whether the form is sent in parts, as files are.</param>
internal sealed record Seed(Person Person, string Route, string Method, string Path, IReadOnlyList<(string Name, string Value)> Fields, bool Multipart);
