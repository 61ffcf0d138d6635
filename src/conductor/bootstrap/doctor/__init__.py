"""What `conductor doctor` looks at: settings, servers and the machine, each with how to mend what is wrong."""
